"""Data in a real store: fetched, checked, gone on with, and every refusal in a sentence."""

import threading
import time
from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from s3_server import ADMIN, WRITER, Store, Wire, seaweed

from {{ cookiecutter.package_name }}.cli.prepare import main
from {{ cookiecutter.package_name }}.data.processed import load_manifest
from {{ cookiecutter.package_name }}.integrations import s3_transfer
from {{ cookiecutter.package_name }}.integrations.s3_source import S3Table
from {{ cookiecutter.package_name }}.schemas.errors import DataError, DataNotFound
from {{ cookiecutter.package_name }}.utils.files import sha256_of

pytestmark = pytest.mark.slow
BUCKET = "real-estate"
REGION = "eu-west-1"


@pytest.fixture(scope="module")
def store(tmp_path_factory) -> Iterator[Store]:
    with seaweed(tmp_path_factory.mktemp("seaweed")) as running:
        yield running


@pytest.fixture(scope="module")
def server(store) -> str:
    return store.url


@pytest.fixture(autouse=True)
def credentials(tmp_path, monkeypatch) -> None:
    """Those of `ADMIN`, and none of whoever runs the tests."""
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "no config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "no credentials"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    act_as(monkeypatch, ADMIN)


def act_as(monkeypatch, keys: tuple[str, str]) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", keys[0])
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", keys[1])


@pytest.fixture(scope="module")
def uploads(server):
    """boto3's own client: what is tested has no hand in how the objects got there."""
    import boto3

    client = boto3.client(
        "s3",
        endpoint_url=server,
        region_name=REGION,
        aws_access_key_id=ADMIN[0],
        aws_secret_access_key=ADMIN[1],
    )
    client.create_bucket(
        Bucket=BUCKET,
        CreateBucketConfiguration={"LocationConstraint": REGION},
    )
    return client


@pytest.fixture
def houses(uploads) -> None:
    """Three CSV objects of 40 houses, and a mark that some tools leave."""
    for part in range(3):
        rows = [f"{i * 7 % 50},{('Rome', 'Oslo')[i % 2]},{i * 1.5}" for i in range(40)]
        text = "\n".join(["size,town,price", *rows, ""])
        uploads.put_object(Bucket=BUCKET, Key=f"sets/houses/{part}.csv", Body=text.encode())
    uploads.put_object(Bucket=BUCKET, Key="sets/houses/_SUCCESS", Body=b"")


@pytest.fixture(scope="module")
def large(uploads, tmp_path_factory):
    """20 MB of noise as one Parquet object, uploaded in parts of 6 MiB."""
    from boto3.s3.transfer import TransferConfig

    path = tmp_path_factory.mktemp("large") / "noise.parquet"
    columns = {f"x{i}": np.random.default_rng(i).normal(size=250_000) for i in range(10)}
    pq.write_table(pa.table(columns), path)
    parts = TransferConfig(multipart_threshold=1 << 20, multipart_chunksize=6 << 20)
    uploads.upload_file(str(path), BUCKET, "sets/noise.parquet", Config=parts)
    return path


@pytest.fixture
def wire(server, monkeypatch) -> Iterator[Wire]:
    monkeypatch.setattr(s3_transfer, "PAUSE_SECONDS", 0.01)
    made = Wire(server)
    yield made
    made.close()


def table(url: str, objects: str, **options) -> S3Table:
    given = {"name": "raw", "bucket": BUCKET, "prefix": "sets", "region": REGION, "workers": 3}
    return S3Table(objects=objects, endpoint_url=url, **{**given, **options})


def arguments(url: str, *others: str) -> list[str]:
    place = [f"data.bucket={BUCKET}", "data.prefix=sets", f"data.endpoint_url={url}"]
    return ["data=s3", *place, "data.target=price", *others]


def test_prepare_reads_many_objects_and_the_second_time_fetches_none(
    project, server, houses, capsys
):
    assert main(arguments(server, "data.objects=houses", "data.name=houses")) == 0
    first, said = load_manifest("houses"), capsys.readouterr()
    assert main(arguments(server, "data.objects=houses", "data.name=houses")) == 0

    assert first.rows == 120
    assert first.source == f"s3://{BUCKET}/sets/houses"
    assert load_manifest("houses") == first
    assert "(3 new or changed)" in said.err
    assert capsys.readouterr().err == ""
    fetched = sorted(path.name for path in (project / "data" / "raw" / "houses").glob("*.csv"))
    assert fetched == ["0.csv", "1.csv", "2.csv"]


def test_prepare_tells_a_refusal_and_leaves_nothing(project, server, houses, capsys):
    assert main(arguments(server, "data.objects=horses")) == 3

    assert capsys.readouterr().err == (
        f"error: Bucket '{BUCKET}' has no object 'sets/horses' and none below 'sets/horses/' "
        "('sets/' has 'sets/houses/'): correct data.objects or data.prefix.\n"
    )
    assert not (project / "data").exists()


def test_a_new_state_of_one_object_is_the_only_one_that_is_fetched(
    project, server, houses, uploads, capsys
):
    before = table(server, "houses").load()
    uploads.put_object(Bucket=BUCKET, Key="sets/houses/1.csv", Body=b"size,town,price\n1,Rome,2\n")
    capsys.readouterr()

    after = table(server, "houses").load()

    assert "(1 new or changed)" in capsys.readouterr().err
    assert (before.table.num_rows, after.table.num_rows) == (120, 81)
    assert before.version != after.version


def test_an_object_in_parts_comes_whole(project, server, large):
    raw = table(server, "noise.parquet").load()

    assert raw.table.num_rows == 250_000
    assert raw.version == f"sha256:{sha256_of(large)}"


def test_a_connection_that_breaks_now_and_then_costs_nothing_but_time(project, large, wire):
    wire.cut_each = 9 << 20  # a part and a bit of the next

    raw = table(wire.url, "noise.parquet", workers=1).load()

    assert raw.version == f"sha256:{sha256_of(large)}"
    assert wire.passed > large.stat().st_size + 500_000


def test_a_network_that_is_cut_is_told_and_a_later_run_goes_on(project, large, wire):
    wire.cut_all = 9 << 20
    with pytest.raises(DataError, match=r"cannot be reached for s3://.*noise\.parquet \(the conn"):
        table(wire.url, "noise.parquet", workers=1).load()
    assert not (project / "data" / "raw" / "raw" / "noise.parquet").exists()

    wire.cut_all, wire.passed = None, 0
    raw = table(wire.url, "noise.parquet").load()

    assert raw.version == f"sha256:{sha256_of(large)}"
    assert 0 < wire.passed < large.stat().st_size - s3_transfer.PART_BYTES + 100_000


def test_a_store_that_dies_is_told_and_a_later_run_goes_on(project, large, store, wire):
    wire.pause = 0.005
    dying = threading.Thread(target=kill_after, args=(store, wire, 10 << 20))
    dying.start()
    try:
        with pytest.raises(DataError, match=r"'http://127.* cannot be reached for s3://.*noise"):
            table(wire.url, "noise.parquet", workers=1).load()
    finally:
        dying.join()
        store.start()

    wire.pause, wire.passed = 0, 0
    raw = table(wire.url, "noise.parquet").load()

    assert raw.version == f"sha256:{sha256_of(large)}"
    assert 0 < wire.passed < large.stat().st_size - s3_transfer.PART_BYTES + 100_000


def kill_after(store: Store, wire: Wire, passed: int) -> None:
    patience = time.monotonic() + 60
    while wire.passed < passed and time.monotonic() < patience:
        time.sleep(0.005)
    store.kill()


def test_bytes_that_were_altered_on_the_way_are_refused(project, large, wire):
    wire.spoil_at = 5_000_000
    with pytest.raises(DataError, match=r"s3://real-estate/sets/noise\.parquet came with other b"):
        table(wire.url, "noise.parquet").load()
    assert not (project / "data" / "raw" / "raw" / "noise.parquet").exists()

    wire.spoil_at = None
    assert table(wire.url, "noise.parquet").load().version == f"sha256:{sha256_of(large)}"


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        ((ADMIN[0], "wrong"), r"secret key with which s3://real-estate/sets/houses was asked for"),
        (("unknown", "any"), r"does not know the access key .* AWS_ACCESS_KEY_ID"),
        (WRITER, r"may not read s3://real-estate/sets/houses: .* s3:ListBucket on bucket 'real-e"),
    ],
    ids=["wrong secret", "unknown key", "no permission"],
)
def test_who_may_not_read_is_told_why(project, server, houses, monkeypatch, keys, told):
    act_as(monkeypatch, keys)

    with pytest.raises(DataError, match=told):
        table(server, "houses").load()


def test_who_says_nothing_is_told_how_to(project, server, monkeypatch):
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")

    with pytest.raises(DataError, match=r"no usable credentials for s3://.*AWS_PROFILE"):
        table(server, "houses").load()


def test_a_bucket_that_is_not_there_is_told(project, server):
    with pytest.raises(DataNotFound, match=r"no bucket 'not-there' at 'http://127\.0\.0\.1:\d+'"):
        table(server, "houses", bucket="not-there").load()


def test_a_store_that_is_not_there_is_told(project, wire):
    wire.close()

    with pytest.raises(DataError, match=r"cannot be reached .* \(nothing answers there\)"):
        table(wire.url, "houses").load()
