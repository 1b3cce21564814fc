import hashlib
from datetime import UTC, datetime

import pytest
from s3_memory import PLACE
from s3_memory_uploads import UploadClient

from {{ cookiecutter.package_name }}.integrations.s3.manifest import UploadedFile, UploadManifest
from {{ cookiecutter.package_name }}.integrations.s3.target import Target
from {{ cookiecutter.package_name }}.schemas.errors import DataError

MANIFEST = "sets/houses/manifest.json"


@pytest.fixture
def client():
    return UploadClient()


def stored(client, content):
    """A content of a target, and the entry that a manifest would have for it."""
    digest = hashlib.sha256(content).hexdigest()
    entry = UploadedFile(name="a.csv", size=len(content), sha256=digest)
    client.put(f"sets/houses/{entry.key}", content)
    return entry


def listing(client, *entries):
    manifest = UploadManifest.of(entries, datetime(2026, 1, 1, tzinfo=UTC))
    client.put(MANIFEST, manifest.model_dump_json().encode())


def test_what_somebody_publishes_while_we_prune_is_kept(client):
    old, new = stored(client, b"old"), stored(client, b"new")
    listing(client, old)
    pages = client.paginate

    def overtaken(**asked):
        yield from pages(**asked)
        listing(client, new)

    client.paginate = overtaken

    assert Target(client, PLACE).prune(2) == 1
    assert client.deleted == [f"sets/houses/{old.key}"]


def test_nothing_is_pruned_where_the_manifest_is_gone(client):
    stored(client, b"content")

    with pytest.raises(DataError, match=rf"^s3://acme/{MANIFEST} was deleted meanwhile: nothing"):
        Target(client, PLACE).prune(2)
    assert client.deleted == []


def test_leftovers_are_the_contents_that_no_file_has(client):
    old, new = stored(client, b"old"), stored(client, b"new")

    assert Target(client, PLACE).leftovers([new]) == [old.key]
