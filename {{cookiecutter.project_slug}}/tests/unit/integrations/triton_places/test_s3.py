import hashlib
from pathlib import Path

import pytest
from s3_memory import client_error
from triton_graphs import version

from {{ cookiecutter.package_name }}.integrations.triton_options import ServingOptions
from {{ cookiecutter.package_name }}.integrations.triton_places import open_place, s3
from {{ cookiecutter.package_name }}.integrations.triton_repository import export
from {{ cookiecutter.package_name }}.schemas.errors import ConfigError, DataError
from {{ cookiecutter.package_name }}.utils.paths import project_root

OPTIONS, FOLDER = ServingOptions("customers"), "triton/customers"


class Bucket:
    """A store that keeps the order in which objects came, and refuses what it is told to."""

    def __init__(self) -> None:
        self.objects: dict[str, tuple[bytes, dict[str, str]]] = {}
        self.sent: list[str] = []
        self.meddles = False

    def list_objects_v2(self, **asked):
        found = [key for key in self.objects if key.startswith(asked["Prefix"])]
        return {"Contents": [{"Key": key, "Size": 1, "ETag": self._etag(key)} for key in found]}

    def _etag(self, key: str) -> str:
        return f'"{hashlib.md5(self.objects[key][0]).hexdigest()}"' if key in self.objects else ""

    def head_object(self, **asked):
        if asked["Key"] not in self.objects:
            raise client_error("404")
        return {"Metadata": self.objects[asked["Key"]][1]}

    def upload_file(self, path, bucket, key, **asked):
        self._take(key, Path(path).read_bytes(), asked["ExtraArgs"]["Metadata"])
        if self.meddles:
            self.objects[f"{FOLDER}/config.pbtxt"] = (b"of somebody else", {})

    def put_object(self, **asked):
        there = self._etag(asked["Key"])
        if asked.get("IfMatch", there) != there or ("IfNoneMatch" in asked and there):
            raise client_error("PreconditionFailed")
        self._take(asked["Key"], asked["Body"], asked["Metadata"])

    def _take(self, key: str, content: bytes, metadata: dict[str, str]) -> None:
        self.objects[key] = (content, metadata)
        self.sent.append(key.removeprefix(f"{FOLDER}/"))


@pytest.fixture
def bucket(monkeypatch) -> Bucket:
    made = Bucket()
    monkeypatch.setattr(s3, "connect", lambda place, workers, purpose: made)
    return made


def put(model, number: int) -> tuple[str, ...]:
    return export(model, version(number), open_place("s3://models/triton"), OPTIONS).written


def test_a_new_model_gets_its_configuration_first(bucket, tiny_model):
    written = put(tiny_model, 1)

    # A server that polls would make one up for a model without.
    assert bucket.sent == ["config.pbtxt", "1/labels.txt", "1/model.onnx"]
    assert sorted(written) == sorted(bucket.sent)


def test_a_version_that_follows_is_named_when_it_is_whole(bucket, tiny_model):
    put(tiny_model, 1)
    bucket.sent.clear()

    put(tiny_model, 2)

    assert bucket.sent == ["2/labels.txt", "2/model.onnx", "config.pbtxt"]


def test_what_is_there_is_not_sent_again(bucket, tiny_model):
    put(tiny_model, 1)
    put(tiny_model, 2)
    bucket.sent.clear()

    assert put(tiny_model, 2) == ()
    assert put(tiny_model, 1) == ("config.pbtxt",)
    assert bucket.sent == ["config.pbtxt"]


def test_an_export_that_came_between_is_not_undone(bucket, tiny_model):
    put(tiny_model, 1)
    bucket.meddles = True

    with pytest.raises(DataError, match="Somebody else exported to s3://models/triton/customers"):
        put(tiny_model, 2)

    assert bucket.objects[f"{FOLDER}/config.pbtxt"][0] == b"of somebody else"


@pytest.mark.parametrize(
    ("address", "endpoint", "key"),
    [
        ("s3://models", None, ""),
        ("s3://models/a/b", None, "a/b"),
        ("s3://https://store.example.com:9000/models/a", "https://store.example.com:9000", "a"),
        ("s3://http://127.0.0.1:9000/models", "http://127.0.0.1:9000", ""),
    ],
)
def test_addresses_are_written_as_triton_writes_them(address, endpoint, key):
    place = open_place(address)

    assert str(place) == address
    found = place._place
    assert (found.bucket, found.endpoint_url, found.key) == ("models", endpoint, key)


@pytest.mark.parametrize(
    ("address", "what"),
    [
        ("s3://", "names no bucket"),
        ("s3://https://store.example.com:443", "names no bucket"),
        ("s3://https://store.example.com/models", "says no port of the store"),
        ("s3://https://store.example.com:high/models", "says no port of the store"),
    ],
)
def test_an_address_that_triton_could_not_read_is_a_sentence(address, what):
    with pytest.raises(ConfigError, match=f"'{address}' {what}.*: expected s3://bucket/prefix"):
        open_place(address)


def test_pods_read_an_address_that_can_be_exported_to():
    folder = project_root() / "deployment" / "triton" / "k8s" / "s3"
    lines = (folder / "repository.env").read_text(encoding="utf-8").splitlines()
    settings = dict(line.split("=", 1) for line in lines if not line.startswith("#"))

    assert open_place(settings["MODEL_REPOSITORY"])._place.key.endswith("triton")
    assert settings["AWS_DEFAULT_REGION"]
