import csv
import datetime as dt
import itertools

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from {{ cookiecutter.package_name }}.data.writers import ParquetWriter, open_writer
from {{ cookiecutter.package_name }}.schemas.errors import DataError


def written(path, *tables, **options):
    with open_writer(path, like=path, **options) as writer:
        for table in tables:
            writer.write(table)
    return path


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


def random_table(rows, seed=0):
    numbers = np.random.default_rng(seed).normal(size=rows)
    return pa.table(
        {
            "x": pa.array(numbers),
            "c": pa.array([str(n)[:4] for n in numbers]).dictionary_encode(),
            "l": pa.array([[n, n] if n > 0 else None for n in numbers]),
        }
    )


def cut(table, sizes):
    """The table in pieces of those sizes, over and over; each has dictionaries of its own."""
    start = 0
    for size in itertools.cycle(sizes):
        if start >= table.num_rows:
            return
        piece = table.slice(start, size)
        for place, field in enumerate(table.schema):
            if pa.types.is_dictionary(field.type):
                texts = piece.column(place).cast(pa.string())
                piece = piece.set_column(place, field, texts.dictionary_encode())
        yield piece
        start += size


def test_row_groups_are_of_exactly_so_many_rows(tmp_path):
    path = tmp_path / "rows.parquet"
    with ParquetWriter(path, group_rows=100) as writer:
        for table in [pa.table({"n": list(range(40))})] * 6:
            writer.write(table)

    metadata = pq.ParquetFile(path).metadata
    assert [metadata.row_group(i).num_rows for i in range(3)] == [100, 100, 40]
    assert pq.read_table(path).column("n").to_pylist() == list(range(40)) * 6


@given(st.lists(st.integers(1, 900), min_size=1, max_size=6))
@settings(max_examples=20)
def test_the_bytes_of_a_file_do_not_show_the_pieces(tmp_path_factory, sizes):
    table, folder = random_table(3000), tmp_path_factory.mktemp("parquet")

    whole = written(folder / "whole.parquet", table, group_rows=1024)
    pieces = written(folder / "pieces.parquet", *cut(table, sizes), group_rows=1024)

    assert whole.read_bytes() == pieces.read_bytes()
    assert pq.read_table(pieces).to_pylist() == table.to_pylist()


def test_nor_do_the_pages_of_a_long_row_group(tmp_path):
    table = pa.table({"x": np.random.default_rng(0).normal(size=200_000)})

    whole = written(tmp_path / "whole.parquet", table)
    pieces = written(tmp_path / "pieces.parquet", *cut(table, [1500]))

    assert pq.ParquetFile(whole).metadata.num_row_groups == 1
    assert whole.read_bytes() == pieces.read_bytes()


def test_nothing_is_left_waiting_after_an_error(tmp_path):
    path = tmp_path / "rows.parquet"

    def fail():
        with ParquetWriter(path, group_rows=100) as writer:
            writer.write(pa.table({"n": [1]}))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()

    assert not path.exists()


def test_the_compression_is_chosen(tmp_path):
    path = written(tmp_path / "rows.parquet", pa.table({"n": [1]}), compression="zstd")

    column = pq.ParquetFile(path).metadata.row_group(0).column(0)
    assert column.compression == "ZSTD"


def test_only_values_that_repeat_have_a_dictionary(tmp_path):
    numbers = np.random.default_rng(0).normal(size=5000)
    table = pa.table({"x": numbers, "pixel": np.round(numbers), "l": [[n] for n in numbers]})

    path = written(tmp_path / "rows.parquet", *cut(table, [10]))

    stored = pq.ParquetFile(path).metadata.row_group(0)
    assert [stored.column(i).has_dictionary_page for i in range(3)] == [False, True, False]
