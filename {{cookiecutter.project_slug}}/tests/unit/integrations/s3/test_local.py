import hashlib
import sys

import pytest

from {{ cookiecutter.package_name }}.integrations.s3.local import describe, gather
from {{ cookiecutter.package_name }}.schemas.errors import DataError, DataNotFound


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    made = tmp_path / "houses"
    for name in ("b.csv", "a/x.CSV", "_SUCCESS", ".a.csv.crc", "_temporary/c.csv", "README.md"):
        path = made / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    return made


def names(source):
    return [file.name for file in gather(source)]


def test_a_folder_gives_its_tables_ordered_by_name(folder):
    assert names(folder) == ["a/x.CSV", "b.csv"]


def test_one_file_gives_itself(folder):
    assert names(folder / "a" / "x.CSV") == ["x.CSV"]


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("nowhere", r"^There is no file or folder 'nowhere'\.$"),
        (
            "houses/README.md",
            r"^'houses/README\.md' has no table: expected names that end in \.csv",
        ),
        ("houses/_temporary/.none", r"^There is no file or folder"),
    ],
)
def test_where_there_is_nothing_to_upload_it_is_told(folder, source, told):
    with pytest.raises(DataNotFound, match=told):
        gather(folder.parent / source)


def test_two_kinds_of_files_are_no_one_table(folder):
    (folder / "c.parquet").write_bytes(b"")

    with pytest.raises(
        DataError, match=r"^'houses' has CSV and Parquet files together \('a/x\.CSV'"
    ):
        gather(folder)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such names")
@pytest.mark.parametrize(
    ("name", "told"),
    [("CON.csv", "no file's on every system"), ("B.csv", "'B.csv' and 'b.csv' .* same file")],
)
def test_names_that_some_readers_could_not_fetch_are_refused(folder, name, told):
    (folder / name).write_text("x")

    with pytest.raises(DataError, match=told):
        gather(folder)


def test_files_are_described_by_their_contents(folder):
    told = []

    described = describe(gather(folder), 2, told.append)

    assert [file.entry.name for file in described] == ["a/x.CSV", "b.csv"]
    assert described[1].entry.sha256 == hashlib.sha256(b"b.csv").hexdigest()
    assert sum(told) == sum(file.entry.size for file in described) == 12


def test_a_file_that_was_written_to_meanwhile_is_told(folder):
    files = gather(folder)
    (folder / "b.csv").write_text("another")

    with pytest.raises(DataError, match=r"^'houses/b\.csv' was changed while it was uploaded"):
        describe(files, 1, lambda _: None)
