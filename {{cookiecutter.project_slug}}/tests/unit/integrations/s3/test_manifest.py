import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from s3_memory import PLACE, MemoryClient

from {{ cookiecutter.package_name }}.integrations.s3.client import object_at
from {{ cookiecutter.package_name }}.integrations.s3.manifest import (
    UploadedFile,
    UploadManifest,
    key_of,
    read,
)
from {{ cookiecutter.package_name }}.schemas.errors import DataError

NOW = datetime(2026, 1, 2, tzinfo=UTC)
A = {"name": "a.csv", "size": 2, "sha256": "a" * 64}
AT = PLACE.at("sets/houses/manifest.json")


def reading(text):
    client = MemoryClient()
    client.put(AT.key, text if isinstance(text, bytes) else json.dumps(text).encode())
    return read(client, AT, object_at(client, AT))


def manifest(*files, **others):
    return {"format": 1, "uploaded": "2026-01-02T00:00:00Z", "files": list(files), **others}


FILES = st.builds(
    UploadedFile,
    name=st.from_regex(r"[a-z]{3,8}\.(csv|PARQUET)", fullmatch=True),
    size=st.integers(0, 1 << 50),
    sha256=st.from_regex(r"[0-9a-f]{64}", fullmatch=True),
)


@given(files=st.lists(FILES, min_size=1, max_size=5, unique_by=lambda file: file.name.lower()))
def test_what_was_written_is_read(files):
    written = UploadManifest.of(tuple(files), NOW)

    assert reading(written.model_dump_json().encode()) == written
    assert [file.name for file in written.files] == sorted(file.name for file in files)


@given(name=st.text(), sha256=st.from_regex(r"[0-9a-f]{64}", fullmatch=True))
def test_a_key_is_made_of_the_content_and_the_kind_of_file(name, sha256):
    assert key_of(f"{name}x.CSV", sha256) == f"_files/{sha256}.csv"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (b"", "the whole: Invalid JSON"),
        (b"[]", "the whole: "),
        (manifest(A, format=2), "format: Input should be 1"),
        (manifest(), "files: "),
        (manifest({**A, "sha256": "A" * 64}), r"files\.0\.sha256: "),
        (manifest({**A, "size": -1}), r"files\.0\.size: "),
        (manifest(A, entries=[]), "entries: Extra inputs"),
    ],
    ids=["empty", "a list", "a later format", "no files", "a digest", "a size", "of others"],
)
def test_what_is_no_manifest_is_refused(text, told):
    with pytest.raises(DataError, match=rf"^s3://acme/{AT.key} is no manifest of .*\({told}"):
        reading(text)


@pytest.mark.parametrize(
    ("names", "told"),
    [
        (["../a.csv"], r"'\.\./a\.csv', which is no table"),
        ([".fetched.jsonl"], "which is no table"),
        (["a/CON.csv"], "which cannot be a file on every system"),
        (["/a.csv"], "which cannot be a file on every system"),
        (["a.csv", "A.csv"], "'a.csv' and 'A.csv', which would be the same file"),
        (["a.csv", "a.csv"], "which would be the same file"),
    ],
)
def test_names_that_cannot_be_files_are_refused(names, told):
    with pytest.raises(
        DataError, match=rf"^s3://acme/{AT.key} lists .*{told}.*upload the files anew"
    ):
        reading(manifest(*({**A, "name": name} for name in names)))
