"""One store for all tests of this folder, and wires to it."""

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import boto3
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from botocore.exceptions import ClientError
from s3_server import ADMIN, Store, seaweed
from s3_wire import Flow, Wire

from {{ cookiecutter.package_name }}.integrations.s3 import transfer
from {{ cookiecutter.package_name }}.integrations.s3.source import S3Table

BUCKET = "real-estate"
REGION = "eu-west-1"


@pytest.fixture(scope="session")
def store(tmp_path_factory) -> Iterator[Store]:
    """A SeaweedFS with an empty bucket, `BUCKET`."""
    with seaweed(tmp_path_factory.mktemp("seaweed")) as running:
        place = {"LocationConstraint": REGION}
        client(running).create_bucket(Bucket=BUCKET, CreateBucketConfiguration=place)
        yield running


def client(store: Store):
    return boto3.client(
        "s3",
        endpoint_url=store.url,
        region_name=REGION,
        aws_access_key_id=ADMIN[0],
        aws_secret_access_key=ADMIN[1],
    )


@pytest.fixture(scope="session")
def boto(store):
    """boto3's own client: what is tested has no hand in it."""
    return client(store)


@pytest.fixture
def act_as(monkeypatch) -> Callable[[tuple[str, str]], None]:
    """From now on commands ask with these two keys."""

    def act(keys: tuple[str, str]) -> None:
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", keys[0])
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", keys[1])

    return act


@pytest.fixture(autouse=True)
def credentials(tmp_path, monkeypatch, act_as) -> None:
    """Those of `ADMIN`, and none of whoever runs the tests."""
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "no config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "no credentials"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    act_as(ADMIN)


@pytest.fixture
def wire(store, monkeypatch) -> Iterator[Wire]:
    """A wire to the store, which passes all until a test says otherwise."""
    monkeypatch.setattr(transfer, "PAUSE_SECONDS", 0.01)
    made = Wire(store.url)
    yield made
    made.close()


@pytest.fixture(scope="session")
def noise(tmp_path_factory) -> Path:
    """20 MB that no compression makes smaller, as one Parquet file."""
    path = tmp_path_factory.mktemp("large") / "noise.parquet"
    columns = {f"x{i}": np.random.default_rng(i).normal(size=250_000) for i in range(10)}
    pq.write_table(pa.table(columns), path)
    return path


@pytest.fixture
def table() -> Callable[..., S3Table]:
    """Objects of `BUCKET` below `sets`, as `prepare` would read them."""

    def made(url: str, objects: str, **options) -> S3Table:
        given = {"name": "raw", "bucket": BUCKET, "prefix": "sets", "region": REGION, "workers": 3}
        return S3Table(objects=objects, endpoint_url=url, **{**given, **options})

    return made


@pytest.fixture
def version(table) -> Callable[..., str]:
    """What identifies the rows that are read."""

    def read(url: str, objects: str, **options) -> str:
        with table(url, objects, **options).open() as raw:
            return raw.version

    return read


class Dying:
    """Kills a store when so many bytes have passed, and starts it again."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._watching: threading.Thread | None = None

    def after(self, flow: Flow, passed: int) -> None:
        """Watch a wire, and kill the store in time."""
        self._watching = threading.Thread(target=self._kill, args=(flow, passed))
        self._watching.start()

    def revive(self) -> None:
        """Once it is dead, start it again, and wait until it gives what it has."""
        if self._watching is not None:
            self._watching.join()
            self._watching = None
            self._store.start()
            self._await()

    def _await(self) -> None:
        """It answers before it has found its files again, and before it takes others."""
        asking, patience = client(self._store), time.monotonic() + 60
        large = asking.list_objects_v2(Bucket=BUCKET, Prefix="sets/noise.").get("Contents", ())
        while True:
            try:
                asking.put_object(Bucket=BUCKET, Key="ready", Body=b"yes")
                for entry in large:
                    asking.get_object(Bucket=BUCKET, Key=entry["Key"])["Body"].read()
            except ClientError:
                assert time.monotonic() < patience
                time.sleep(0.1)
            else:
                return

    def _kill(self, flow: Flow, passed: int) -> None:
        patience = time.monotonic() + 60
        while flow.passed < passed and time.monotonic() < patience:
            time.sleep(0.005)
        self._store.kill()


@pytest.fixture
def dying(store) -> Iterator[Dying]:
    """Lets the store die; after the test it runs."""
    made = Dying(store)
    yield made
    made.revive()
