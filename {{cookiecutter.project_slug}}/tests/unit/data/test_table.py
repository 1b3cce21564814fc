import hashlib

import pyarrow as pa
import pyarrow.parquet as pq

from {{ cookiecutter.package_name }}.data.table import Table


def test_a_csv_file_counts_its_rows_below_the_header(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    content = b"a,b\n1,2\n"
    (tmp_path / "rows.csv").write_bytes(content)

    raw = Table("rows.csv").load()

    assert raw.table.to_pydict() == {"a": ["1"], "b": ["2"]}
    assert raw.first_row == 2
    assert raw.version == f"sha256:{hashlib.sha256(content).hexdigest()}"
    assert raw.source == (tmp_path / "rows.csv").as_posix()


def test_a_parquet_file_keeps_its_types(tmp_path):
    pq.write_table(pa.table({"a": [1.5]}), tmp_path / "rows.parquet")

    raw = Table(str(tmp_path / "rows.parquet")).load()

    assert raw.table.schema.types == [pa.float64()]
    assert raw.first_row == 1


def test_a_file_of_the_project_is_recorded_alike_from_everywhere(project, monkeypatch):
    path = project / "data" / "raw" / "rows.csv"
    path.parent.mkdir(parents=True)
    path.write_text("a\n1\n")
    monkeypatch.chdir(path.parent)

    assert Table("rows.csv").load().source == "data/raw/rows.csv"


def test_a_home_folder_is_understood(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    (tmp_path / "rows.csv").write_text("a\n1\n")

    assert Table("~/rows.csv").load().table.num_rows == 1
