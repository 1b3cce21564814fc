import numpy as np
import pyarrow as pa
import pyarrow.csv as pcsv
import pyarrow.parquet as pq
import pytest

from {{ cookiecutter.package_name }}.data.chunks import open_chunks
from {{ cookiecutter.package_name }}.data.tabular import read_table
from {{ cookiecutter.package_name }}.schemas.errors import DataError

TABLE = pa.table({"n": list(range(1000)), "t": [f"text {i}" for i in range(1000)]})


def written(path, table=TABLE):
    """A file of several row groups or blocks, of which no piece is a part."""
    if path.suffix == ".parquet":
        pq.write_table(table, path, row_group_size=300)
    else:
        delimiter = "\t" if path.suffix == ".tsv" else ","
        pcsv.write_csv(table, path, pcsv.WriteOptions(delimiter=delimiter))
    return path


@pytest.mark.parametrize("name", ["rows.csv", "rows.tsv", "rows.parquet"])
def test_pieces_are_the_whole_in_order(tmp_path, name):
    path = written(tmp_path / name)

    with open_chunks(path, 64) as opened:
        parts = list(opened.parts)

    assert opened.columns == ("n", "t")
    assert {part.table.schema for part in parts} == {opened.schema}
    assert max(part.table.num_rows for part in parts) == 64
    assert pa.concat_tables(part.table for part in parts) == read_table(path)
    shares = [part.share for part in parts]
    assert shares == sorted(shares)
    assert shares[-1] == 1


@pytest.mark.parametrize(("name", "first"), [("rows.csv", 2), ("rows.parquet", 1)])
def test_every_piece_knows_the_number_of_its_first_row(tmp_path, name, first):
    with open_chunks(written(tmp_path / name), 64) as opened:
        for part in opened.parts:
            assert part.first_row - first == int(part.table.column("n")[0].as_py())


@pytest.mark.parametrize("name", ["rows.csv", "rows.parquet"])
def test_asked_columns_are_read_in_the_order_asked(tmp_path, name):
    path = written(tmp_path / name)

    with open_chunks(path, 64, ["t", "n"]) as opened:
        parts = list(opened.parts)
    with open_chunks(path, 64, ["t"]) as opened:
        texts = list(opened.parts)

    assert opened.columns == ("t",)
    assert pa.concat_tables(part.table for part in parts) == read_table(path).select(["t", "n"])
    assert texts[0].table == read_table(path).select(["t"]).slice(0, 64)


def test_a_column_whose_name_begins_another_is_not_taken_for_it(tmp_path):
    path = written(tmp_path / "rows.parquet", pa.table({"a.b": [1], "a": [2], "ab": [3]}))

    with open_chunks(path, 64, ["a"]) as opened:
        assert next(opened.parts).table == pa.table({"a": [2]})


def test_one_row_group_is_not_read_whole(tmp_path):
    rows = 1 << 18
    values = pa.array(np.random.default_rng(0).normal(size=rows))
    path = tmp_path / "rows.parquet"
    table = pa.table({f"c{i}": values for i in range(16)})
    pq.write_table(table, path, row_group_size=rows, use_dictionary=False, data_page_size=1 << 16)

    before, most = pa.total_allocated_bytes(), 0
    with open_chunks(path, 1024) as opened:
        for _ in opened.parts:
            most = max(most, pa.total_allocated_bytes() - before)

    assert path.stat().st_size > 32 << 20
    assert most < 12 << 20


def test_a_damaged_row_far_down_is_a_sentence_with_its_number(tmp_path):
    path = tmp_path / "rows.csv"
    path.write_text("a,b\n" + "1,2\n" * 50 + "1\n")

    with (
        pytest.raises(DataError, match=r"Row #52: Expected 2 columns, got 1: 1"),
        open_chunks(path, 10) as opened,
    ):
        list(opened.parts)


def test_what_goes_wrong_outside_the_file_keeps_its_own_error(tmp_path):
    path = written(tmp_path / "rows.csv")

    with pytest.raises(OSError, match="disk full"), open_chunks(path, 10):
        raise OSError("disk full")
