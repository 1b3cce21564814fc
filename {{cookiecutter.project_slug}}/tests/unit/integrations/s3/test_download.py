import hashlib

import pytest
from s3_memory import PLACE, MemoryClient

from {{ cookiecutter.package_name }}.integrations.s3 import parts
from {{ cookiecutter.package_name }}.integrations.s3.checks import Checker
from {{ cookiecutter.package_name }}.integrations.s3.client import StoredObject
from {{ cookiecutter.package_name }}.integrations.s3.download import Download
from {{ cookiecutter.package_name }}.integrations.s3.folder import Folder
from {{ cookiecutter.package_name }}.integrations.s3.transfer import Transfer

CONTENT = bytes(range(250)) * 5
KEY = "sets/houses/_files/0.csv"
SHA256 = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture(autouse=True)
def small_parts(monkeypatch):
    """Parts of 100 bytes."""
    monkeypatch.setattr(parts, "PART_BYTES", 100)
    monkeypatch.setattr(parts, "_STEP", 1)


def download(folder, name="a.csv"):
    item = StoredObject(KEY, name, len(CONTENT), "e" * 32, SHA256)
    return Download(item, folder, Checker(None, "acme", KEY, "e" * 32, len(CONTENT)))


def starts(found):
    return [piece.start for piece in found.missing]


def test_a_later_run_lacks_only_what_had_not_arrived(tmp_path):
    first = download(tmp_path)
    for piece in first.missing[:10]:
        first.arrived(piece)

    assert starts(download(tmp_path)) == [1000, 1100, 1200]


@pytest.mark.parametrize("cut", range(1, 10))
def test_a_note_that_was_cut_short_is_no_note_and_spoils_none(tmp_path, cut):
    """Of `1000`, also `100` would be the start of a part."""
    first = download(tmp_path)
    first.arrived(first.missing[10])
    (notes,) = tmp_path.glob("*.parts")
    notes.write_text(notes.read_text()[:-cut])

    second = download(tmp_path)
    assert starts(second) == list(range(0, 1250, 100))
    second.arrived(second.missing[3])

    assert starts(download(tmp_path)) == [start for start in range(0, 1250, 100) if start != 300]


@pytest.mark.parametrize("spoiled", [b"\0" * 20, b"\xff\n", b"7-9\n"], ids=repr)
def test_notes_that_a_crash_spoiled_are_passed_over(tmp_path, spoiled):
    first = download(tmp_path)
    for piece in first.missing[:2]:
        first.arrived(piece)
    (notes,) = tmp_path.glob("*.parts")
    notes.write_bytes(notes.read_bytes() + spoiled)

    second = download(tmp_path)
    assert starts(second)[0] == 100
    second.arrived(second.missing[0])

    assert starts(download(tmp_path))[0] == 200


def test_an_object_that_has_several_names_becomes_a_file_for_each(tmp_path):
    client = MemoryClient()
    client.put(KEY, CONTENT)
    etag, names = client.etags[KEY], ["a.csv", "b.csv", "c/d.csv"]
    items = [StoredObject(KEY, name, len(CONTENT), etag, SHA256) for name in names]
    folder = Folder(tmp_path)

    Transfer(client, PLACE, folder, lambda _: None).fetch(items, 4)

    assert [folder.file_of(item).read_bytes() for item in items] == [CONTENT] * 3
    assert folder.lacking(items) == []
