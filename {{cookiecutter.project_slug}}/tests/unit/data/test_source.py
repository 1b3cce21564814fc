import pyarrow as pa

from {{ cookiecutter.package_name }}.data.source import Held

ROWS = Held(pa.table({"a": list(range(10)), "b": ["x"] * 10}), source="made up", version="1")


def test_rows_in_memory_come_in_parts_with_their_numbers():
    parts = list(ROWS.parts(4))

    assert pa.concat_tables(part.table for part in parts) == ROWS.table
    assert [(part.first_row, part.share, part.file) for part in parts] == [
        (1, 0.4, "made up"),
        (5, 0.8, "made up"),
        (9, 1.0, "made up"),
    ]


def test_only_the_columns_that_are_asked_for_come_in_that_order():
    assert ROWS.schema.names == ["a", "b"]
    assert [part.table.column_names for part in ROWS.parts(5, ["b", "a"])] == [["b", "a"]] * 2
