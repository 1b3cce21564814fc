import hashlib

import pytest

from {{ cookiecutter.package_name }}.integrations.s3.client import StoredObject
from {{ cookiecutter.package_name }}.integrations.s3.folder import RECORD, Folder
from {{ cookiecutter.package_name }}.schemas.errors import DataError


def stored(name, content, etag="1", sha256=None):
    return StoredObject(f"sets/{name}", name, len(content), etag, sha256)


def arrive(folder, item, content):
    """As a transfer does it: whole beside the others, recorded, then in its place."""
    whole = folder.path / "whole"
    whole.write_bytes(content)
    folder.keep(item, hashlib.sha256(content).hexdigest())
    target = folder.file_of(item)
    target.parent.mkdir(exist_ok=True)
    whole.replace(target)


A, B = stored("a.csv", b"a"), stored("b/c.csv", b"bb")


@pytest.fixture
def folder(tmp_path):
    made = Folder(tmp_path)
    arrive(made, A, b"a")
    arrive(made, B, b"bb")
    return made


def test_what_arrived_is_not_lacking_in_a_later_run(folder, tmp_path):
    assert folder.lacking([A, B]) == []
    assert Folder(tmp_path).lacking([A, B]) == []


@pytest.mark.parametrize("content", [b"x", b"aa", None], ids=["altered", "longer", "gone"])
def test_a_file_that_is_not_as_it_arrived_is_lacking(folder, tmp_path, content):
    if content is None:
        (tmp_path / "a.csv").unlink()
    else:
        (tmp_path / "a.csv").write_bytes(content)

    assert folder.lacking([A, B]) == [A]


def test_an_object_in_another_state_is_lacking(folder):
    changed = stored("a.csv", b"a", etag="2")

    assert folder.lacking([changed, B]) == [changed]


def test_what_is_known_by_its_content_may_have_come_to_the_store_anew(folder):
    same, other = (hashlib.sha256(content).hexdigest() for content in (b"a", b"b"))

    assert folder.lacking([stored("a.csv", b"a", etag="2", sha256=same)]) == []
    changed = stored("a.csv", b"b", etag="1", sha256=other)
    assert folder.lacking([changed]) == [changed]


def test_a_file_of_somebody_else_is_not_replaced(folder, tmp_path):
    (tmp_path / "mine.csv").write_text("x")

    with pytest.raises(DataError, match=r"mine\.csv' is in the way of the object 'sets/mine\.csv'"):
        folder.lacking([stored("mine.csv", b"x")])


def test_what_is_not_asked_for_any_more_is_deleted_and_nothing_else(folder, tmp_path):
    (tmp_path / "mine.csv").write_text("x")
    folder.unfinished.mkdir()

    folder.settle([B])

    left = sorted(path.name for path in tmp_path.iterdir())
    assert left == [RECORD, "b", "mine.csv"]
    assert Folder(tmp_path).lacking([B]) == []


def test_one_file_is_known_by_its_own_digest(folder):
    assert folder.settle([A]) == hashlib.sha256(b"a").hexdigest()


def test_many_files_are_known_by_names_and_contents(tmp_path):
    def digest(name, **files):
        folder = Folder(tmp_path / name)
        folder.path.mkdir()
        items = [stored(file, content) for file, content in files.items()]
        for item, content in zip(items, files.values(), strict=True):
            arrive(folder, item, content)
        return folder.settle(items)

    assert digest("1", a=b"1", b=b"2") == digest("2", b=b"2", a=b"1")
    assert len({digest("3", a=b"2", b=b"1"), digest("4", a=b"1", c=b"2"), digest("5", a=b"1")}) == 3


def test_a_record_that_a_crash_cut_short_spoils_no_other_line(folder, tmp_path):
    record = tmp_path / RECORD
    record.write_text(record.read_text()[:-10])
    (tmp_path / "b" / "c.csv").unlink()

    later = Folder(tmp_path)
    assert later.lacking([A, B]) == [B]
    arrive(later, B, b"bb")
    assert Folder(tmp_path).lacking([A, B]) == []
