import base64
import hashlib
import zlib

import pytest
from s3_memory import MemoryClient

from {{ cookiecutter.package_name }}.integrations.s3.checks import Checker

CONTENT = bytes(range(256)) * 9
WRONG = CONTENT[:-1] + b"!"


@pytest.fixture
def client():
    return MemoryClient()


def is_whole(client, tmp_path, content, bucket="acme"):
    path = tmp_path / "file"
    path.write_bytes(content)
    checker = Checker(client, bucket, "key", client.etags["key"], len(client.objects["key"]))
    stated = checker.stated()
    return (stated is not None and stated.agrees(path)) or checker.is_whole(path, stated)


@pytest.mark.parametrize("name", ["sha256", "sha1"])
def test_a_checksum_of_the_whole_object_decides(client, tmp_path, name):
    digest = base64.b64encode(hashlib.new(name, CONTENT).digest()).decode()
    client.put("key", CONTENT, **{f"Checksum{name.upper()}": digest})
    client.heads["key"].pop("ChecksumCRC32")
    client.etags["key"] = "of no meaning"

    assert is_whole(client, tmp_path, CONTENT)
    assert not is_whole(client, tmp_path, WRONG)


def test_so_does_a_crc32(client, tmp_path):
    client.put("key", CONTENT)
    client.etags["key"] = "of no meaning"

    assert is_whole(client, tmp_path, CONTENT)
    assert not is_whole(client, tmp_path, WRONG)


@pytest.mark.parametrize("head", [{}, {"ServerSideEncryption": "AES256"}])
def test_an_etag_that_is_an_md5_decides_where_there_is_no_checksum(client, tmp_path, head):
    client.put("key", CONTENT)
    client.heads["key"] = head

    assert is_whole(client, tmp_path, CONTENT)
    assert not is_whole(client, tmp_path, WRONG)


@pytest.mark.parametrize(
    ("head", "bucket"),
    [
        ({"ServerSideEncryption": "aws:kms"}, "acme"),
        ({"SSECustomerAlgorithm": "AES256"}, "acme"),
        ({}, "acme--euw1-az1--x-s3"),
    ],
)
def test_an_etag_of_another_kind_decides_nothing(client, tmp_path, head, bucket):
    client.put("key", CONTENT)
    client.heads["key"] = head
    client.etags["key"] = "0" * 32

    assert is_whole(client, tmp_path, CONTENT, bucket)
    assert not is_whole(client, tmp_path, CONTENT[:-1], bucket)


@pytest.mark.parametrize(
    "parts",
    [
        (CONTENT[:1000], CONTENT[1000:2000], CONTENT[2000:]),
        (CONTENT[:700], CONTENT[700:2000], CONTENT[2000:]),
        (CONTENT[:100], CONTENT[100:]),
        (CONTENT,),
    ],
    ids=["even", "uneven", "a small part first", "one"],
)
def test_the_etag_of_an_upload_in_parts_decides(client, tmp_path, parts):
    client.put_in_parts("key", *parts)

    assert is_whole(client, tmp_path, CONTENT)
    assert not is_whole(client, tmp_path, WRONG)


@pytest.mark.parametrize("cut", [1000, 100], ids=["even", "a small part first"])
@pytest.mark.parametrize("etag", ["an MD5", "of no meaning"])
def test_a_checksum_of_checksums_decides(client, tmp_path, cut, etag):
    parts = CONTENT[:cut], CONTENT[cut:2000], CONTENT[2000:]
    crcs = b"".join(zlib.crc32(part).to_bytes(4, "big") for part in parts)
    value = base64.b64encode(zlib.crc32(crcs).to_bytes(4, "big")).decode()
    composite = {"ChecksumType": "COMPOSITE", "ChecksumCRC32": f"{value}-3"}
    client.put_in_parts("key", *parts, **composite)
    client.etags["key"] = client.etags["key"] if etag == "an MD5" else etag

    assert is_whole(client, tmp_path, CONTENT)
    assert not is_whole(client, tmp_path, WRONG)


def test_a_store_that_does_not_tell_its_parts_leaves_the_size(client, tmp_path):
    client.put_in_parts("key", CONTENT[:1000], CONTENT[1000:])
    del client.part_sizes["key"]

    assert is_whole(client, tmp_path, CONTENT)
    assert not is_whole(client, tmp_path, CONTENT[:-1])
