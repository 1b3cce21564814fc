import hashlib
import sys
from types import SimpleNamespace

import pytest
from botocore.awsrequest import AWSResponse
from s3_memory import PLACE

from {{ cookiecutter.package_name }}.integrations.s3.client import connect
from {{ cookiecutter.package_name }}.integrations.s3.place import UPLOAD, Place
from {{ cookiecutter.package_name }}.schemas.errors import ConfigError


def test_an_address_that_is_none_is_refused():
    with pytest.raises(
        ConfigError, match=r"data\.endpoint_url is 'here', which cannot be the address of s3://b/k"
    ):
        connect(Place("b", "k", "here", "eu-west-1"), 1)


def test_a_missing_library_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "boto3", None)

    with pytest.raises(ConfigError, match=r"is needed to read s3://acme/sets/houses.*uv sync"):
        connect(PLACE, 1)


def test_the_client_is_set_up_for_the_store_and_the_workers():
    config = connect(PLACE, 3).meta.config

    assert (config.max_pool_connections, config.retries["mode"]) == (3, "standard")
    assert config.s3["addressing_style"] == "path"


@pytest.mark.parametrize(
    ("address", "signed"), [("https://s3.test", False), (None, False), ("http://s3.test", True)]
)
def test_a_body_is_signed_where_no_tls_protects_it(monkeypatch, address, signed):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "any")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "any")
    client, sent = connect(Place("b", "k", address, "eu-west-1"), 1, UPLOAD), []

    def answer(request, **_):
        sent.append(request.headers["x-amz-content-sha256"])
        return AWSResponse(request.url, 200, {}, SimpleNamespace(stream=lambda: iter([b""])))

    client.meta.events.register("before-send.s3.PutObject", answer)
    client.put_object(Bucket="bucket", Key="k", Body=b"abc", ChecksumCRC32="NSRBwg==")

    digest = hashlib.sha256(b"abc").hexdigest()
    assert sent == [(digest if signed else "UNSIGNED-PAYLOAD").encode()]
