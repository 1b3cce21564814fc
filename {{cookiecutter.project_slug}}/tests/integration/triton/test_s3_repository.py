"""A real Triton server that reads its repository from a real store."""

from collections.abc import Iterator

import boto3
import pytest
from s3_server import ADMIN, READER, Store, seaweed
from triton_graphs import MODEL, feeds, version
from triton_server import TritonServer

from {{ cookiecutter.package_name }}.integrations.triton_options import ServingOptions
from {{ cookiecutter.package_name }}.integrations.triton_places import open_place
from {{ cookiecutter.package_name }}.integrations.triton_repository import export
from {{ cookiecutter.package_name }}.integrations.triton_runtime import TritonRuntime
from {{ cookiecutter.package_name }}.schemas.errors import DataError, DataNotFound

pytestmark = pytest.mark.slow
BUCKET, OPTIONS = "models", ServingOptions(MODEL)


@pytest.fixture(scope="module")
def store(tmp_path_factory) -> Iterator[Store]:
    with seaweed(tmp_path_factory.mktemp("seaweed")) as running:
        yield running


@pytest.fixture
def client(store, monkeypatch):
    """The administrator's own client, and from now on everybody's keys."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", ADMIN[0])
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", ADMIN[1])
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    return boto3.client("s3", endpoint_url=store.url)


def keys(client) -> list[str]:
    return [found["Key"] for found in client.list_objects_v2(Bucket=BUCKET)["Contents"]]


def test_a_server_takes_versions_from_the_store_and_goes_back(
    store, client, server_python, tiny_model, tmp_path
):
    client.create_bucket(Bucket=BUCKET)
    address = f"s3://{store.url}/{BUCKET}/triton"
    first = export(tiny_model, version(1), open_place(address), OPTIONS)
    again = export(tiny_model, version(1), open_place(address), OPTIONS)
    polling = ("--model-control-mode=poll", "--repository-poll-secs=1")
    server = TritonServer(server_python, address, tmp_path, *polling)
    server.start()
    try:
        server.wait_for(MODEL, version=1)
        second = export(tiny_model, version(2), open_place(address), OPTIONS)
        server.wait_for(MODEL, version=2)
        back = export(tiny_model, version(1), open_place(address), OPTIONS)
        server.wait_for(MODEL, version=1)
        runtime = TritonRuntime(server.url("grpc"), MODEL)
        assert runtime.served == version(1)
        assert runtime.run(["label"], feeds(2))[0].shape == (2,)
        runtime.close()
    finally:
        server.stop()

    assert first.written == ("1/labels.txt", "1/model.onnx", "config.pbtxt")
    assert again.written == ()
    assert second.written == ("2/labels.txt", "2/model.onnx", "config.pbtxt")
    assert back.written == ("config.pbtxt",)
    files = [f"{number}/{name}" for number in (1, 2) for name in ("labels.txt", "model.onnx")]
    assert keys(client) == [f"triton/{MODEL}/{name}" for name in [*files, "config.pbtxt"]]


def test_who_may_not_write_is_told_so(store, client, tiny_model, monkeypatch):
    place = open_place(f"s3://{store.url}/no-such-bucket/triton")
    with pytest.raises(DataNotFound, match="There is no bucket 'no-such-bucket' at"):
        export(tiny_model, version(1), place, OPTIONS)

    client.create_bucket(Bucket="read-only")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", READER[0])
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", READER[1])
    with pytest.raises(DataError, match=r"may not write to s3://read-only/.* s3:PutObject"):
        export(tiny_model, version(1), open_place(f"s3://{store.url}/read-only/triton"), OPTIONS)
