import hashlib
import threading
from concurrent.futures import CancelledError

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from {{ cookiecutter.package_name }}.data import table as table_module
from {{ cookiecutter.package_name }}.data.table import Table
from {{ cookiecutter.package_name }}.schemas.errors import DataError, DataNotFound


def read(path):
    """The rows, and what is recorded of them."""
    with Table(str(path)).open() as rows:
        parts = list(rows.parts(100))
        return pa.concat_tables(part.table for part in parts), parts, rows.source, rows.version


def sha256(text):
    return hashlib.sha256(text.encode()).hexdigest()


def test_a_csv_file_counts_its_rows_below_the_header(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    content = "a,b\n1,2\n"
    (tmp_path / "rows.csv").write_text(content)

    table, (part,), source, version = read("rows.csv")

    assert table.to_pydict() == {"a": ["1"], "b": ["2"]}
    assert part.first_row == 2
    assert version == f"sha256:{sha256(content)}"
    assert source == (tmp_path / "rows.csv").as_posix()


def test_a_parquet_file_keeps_its_types(tmp_path):
    pq.write_table(pa.table({"a": [1.5]}), tmp_path / "rows.parquet")

    table, (part,), _, _ = read(tmp_path / "rows.parquet")

    assert table.schema.types == [pa.float64()]
    assert part.first_row == 1


def test_a_file_of_the_project_is_recorded_alike_from_everywhere(project, monkeypatch):
    path = project / "data" / "raw" / "rows.csv"
    path.parent.mkdir(parents=True)
    path.write_text("a\n1\n")
    monkeypatch.chdir(path.parent)

    assert read("rows.csv")[2] == "data/raw/rows.csv"


def test_a_home_folder_is_understood(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    (tmp_path / "rows.csv").write_text("a\n1\n")

    assert read("~/rows.csv")[0].num_rows == 1


def test_a_folder_is_all_files_in_it_and_below_by_name(tmp_path):
    contents = {"b.csv": "a\n2\n", "a.csv": "a\n1\n", "old/z.csv": "a\n3\n"}
    others = {".hidden.csv": "b\n0\n", "_notes.csv": "b\n0\n", ".git/x.csv": "b\n0\n", "note": ""}
    for name, text in (contents | others).items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)

    table, parts, _, version = read(tmp_path)

    assert table.to_pydict() == {"a": ["1", "2", "3"]}
    assert [part.file for part in parts] == ["a.csv", "b.csv", "old/z.csv"]
    lines = "".join(f"{sha256(contents[name])}  {name}\n" for name in sorted(contents))
    assert version == f"sha256:{sha256(lines)}"


def test_a_folder_without_files_and_a_file_that_is_gone_are_sentences(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty").mkdir()

    with pytest.raises(DataError, match=r"^'empty' is a folder without a CSV or Parquet file\.$"):
        read("empty")
    with pytest.raises(DataNotFound, match=r"^There is no data file 'gone.csv'\.$"):
        read("gone.csv")


def test_an_error_is_told_without_waiting_for_the_digest(tmp_path, monkeypatch):
    path = tmp_path / "rows.csv"
    path.write_text("a\n1\n")
    begun = threading.Event()

    def endless(_path, stopped):
        begun.set()
        assert stopped.wait(60), "nobody stopped it"
        raise CancelledError

    monkeypatch.setattr(table_module, "sha256_of", endless)

    def fail():
        with Table(str(path)).open():
            assert begun.wait(60)
            raise DataError("wrong")

    with pytest.raises(DataError, match="wrong"):
        fail()


def test_a_digest_that_nobody_asked_for_is_not_finished(tmp_path, monkeypatch):
    path = tmp_path / "rows.csv"
    path.write_text("a\n1\n")
    monkeypatch.setattr(table_module, "sha256_of", lambda _path, stopped: stopped.wait(60) or 1 / 0)

    with Table(str(path)).open() as rows:
        assert list(rows.parts(1))
