import csv
import datetime as dt

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from {{ cookiecutter.package_name }}.data import chunks
from {{ cookiecutter.package_name }}.data.chunks import open_chunks, open_writer
from {{ cookiecutter.package_name }}.data.tabular import read_table
from {{ cookiecutter.package_name }}.schemas.errors import DataError


def written(path, *tables):
    with open_writer(path, like=path) as writer:
        for table in tables:
            writer.write(table)
    return path


@pytest.mark.parametrize("name", ["rows.csv", "rows.tsv", "rows.parquet"])
def test_pieces_are_the_whole_in_order(tmp_path, name):
    table = pa.table({"n": list(range(1000)), "t": [f"text {i}" for i in range(1000)]})
    path = written(tmp_path / name, table)

    with open_chunks(path, 64) as opened:
        parts = list(opened.parts)

    assert opened.columns == ("n", "t")
    assert max(part.num_rows for _, part in parts) == 64
    assert pa.concat_tables(part for _, part in parts) == read_table(path)
    shares = [share for share, _ in parts]
    assert shares == sorted(shares)
    assert shares[-1] == 1


@given(st.lists(st.text(), min_size=1), st.text(min_size=1))
def test_every_text_survives_a_csv_file(tmp_path_factory, cells, name):
    # CSV itself knows one line break within cells; a lone \r is one for some readers.
    cells = [cell.replace("\r", "") for cell in cells]
    name = name.replace("\r", "") or "name"
    path = tmp_path_factory.mktemp("csv") / "rows.csv"

    written(path, pa.table({name: pa.array(cells, pa.string()), "last": ["x"] * len(cells)}))

    with path.open(encoding="utf-8", newline="") as stream:
        header, *rows = csv.reader(stream)
    assert header == [name, "last"]
    assert [row[0] for row in rows] == cells


def test_a_cell_is_quoted_only_where_it_must_be(tmp_path):
    table = pa.table({"a": ["plain", "a,b", 'say "hi"', None], "b": [1.5, None, 2.0, 1e-9]})

    path = written(tmp_path / "rows.csv", table)

    assert path.read_text() == 'a,b\nplain,1.5\n"a,b",\n"say ""hi""",2\n,1e-9\n'


def test_a_tsv_file_has_tabs(tmp_path):
    path = written(tmp_path / "rows.tsv", pa.table({"a": ["x,y", "x\ty"], "b": [1, 2]}))

    assert path.read_text() == 'a\tb\nx,y\t1\n"x\ty"\t2\n'


def test_other_types_are_written_as_text(tmp_path):
    table = pa.table({"day": [dt.date(2024, 5, 1)], "flag": [True], "l": pa.array([1], pa.int8())})

    assert written(tmp_path / "rows.csv", table).read_text() == "day,flag,l\n2024-05-01,true,1\n"


def test_what_csv_cannot_hold_is_a_sentence(tmp_path):
    with pytest.raises(DataError, match=r"Column 'l' holds list<.*>, which a CSV file cannot"):
        written(tmp_path / "rows.csv", pa.table({"l": [[1, 2]]}))


def test_row_groups_fill_up_before_they_are_written(tmp_path, monkeypatch):
    monkeypatch.setattr(chunks, "_ROW_GROUP", 100)
    tables = [pa.table({"n": list(range(40))})] * 6

    path = written(tmp_path / "rows.parquet", *tables)

    assert pq.ParquetFile(path).metadata.num_row_groups == 4
    assert pq.read_table(path).num_rows == 240


def test_a_damaged_row_far_down_is_a_sentence_with_its_number(tmp_path):
    path = tmp_path / "rows.csv"
    path.write_text("a,b\n" + "1,2\n" * 50 + "1\n")

    with (
        pytest.raises(DataError, match=r"Row #52: Expected 2 columns, got 1: 1"),
        open_chunks(path, 10) as opened,
    ):
        list(opened.parts)


def test_what_goes_wrong_outside_the_file_keeps_its_own_error(tmp_path):
    path = written(tmp_path / "rows.csv", pa.table({"a": [1]}))

    with pytest.raises(OSError, match="disk full"), open_chunks(path, 10):
        raise OSError("disk full")
