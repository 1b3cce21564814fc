import datetime as dt

import numpy as np
import pyarrow as pa
import pytest

from {{ cookiecutter.package_name }}.data import row_groups
from {{ cookiecutter.package_name }}.data.row_groups import group_rows, in_one_order, repeating


@pytest.mark.parametrize(
    ("column", "rows"),
    [
        (pa.array(range(2000), pa.int64()), 1 << 17),
        (pa.array([True] * 2000), 1 << 20),
        (pa.array(["x" * 1000, None] * 1000), 1 << 11),
        (pa.array([[1.0] * 8] * 2000), 1 << 14),
        (pa.array([{"a": 1, "b": 1.0}] * 2000), 1 << 16),
        (pa.array([None] * 2000), 1 << 17),
    ],
)
def test_a_row_group_is_so_long_that_it_holds_so_many_bytes(monkeypatch, column, rows):
    monkeypatch.setattr(row_groups, "_GROUP_BYTES", 1 << 20)

    assert group_rows(pa.table({"c": column})) == rows


def test_its_length_does_not_depend_on_how_the_rows_lie_in_memory():
    values = [None, "a", "text"] * 500
    one = pa.table({"c": pa.array(values), "n": range(1500)})
    pieces = pa.concat_tables(one.slice(start, 7) for start in range(0, 1500, 7))

    assert group_rows(one) == group_rows(pieces) == group_rows(one.slice(0, 1024))


def test_columns_that_repeat_are_known_by_the_first_rows():
    numbers = np.random.default_rng(0).normal(size=1 << 14)
    table = pa.table(
        {
            "measured": numbers,
            "pixel": np.round(numbers),
            "day": [dt.date(2024, 1, 1 + i % 28) for i in range(len(numbers))],
            "name": [f"person {i}" for i in range(len(numbers))],
            "encoded": pa.array([f"person {i}" for i in range(len(numbers))]).dictionary_encode(),
            "list": [[1]] * len(numbers),
        }
    )

    assert repeating(table) == ["pixel", "day", "encoded"]
    assert repeating(pa.concat_tables([table, table])) == ["pixel", "day", "encoded"]


def test_a_dictionary_is_in_the_order_of_its_first_use():
    array = pa.DictionaryArray.from_arrays(
        pa.array([2, None, 0, 2], pa.int8()), pa.array(["a", "unused", "c"])
    )

    (column,) = in_one_order(pa.table({"c": array, "n": range(4)})).select(["c"]).columns

    assert column.type == array.type
    assert column.to_pylist() == ["c", None, "a", "c"]
    assert column.chunk(0).dictionary.to_pylist() == ["c", "a"]


@pytest.mark.parametrize(
    "column",
    [
        pa.nulls(4),
        pa.array(["a"] * 4, pa.string_view()),
        pa.array([b"a"] * 4, pa.binary_view()),
        pa.array([b"0" * 16] * 4, pa.uuid()),
        pa.array(["1"] * 4, pa.json_()),
    ],
)
def test_values_that_cannot_be_counted_are_written_as_they_are(column):
    assert repeating(pa.table({"c": column})) == []
