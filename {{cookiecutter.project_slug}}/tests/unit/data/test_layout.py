import pyarrow as pa
import pytest

from {{ cookiecutter.package_name }}.data.layout import as_kind
from {{ cookiecutter.package_name }}.data.scan import laid_out
from {{ cookiecutter.package_name }}.schemas.errors import DataContractError

ROWS = 12


def column(*values):
    return (list(values) * ROWS)[:ROWS]


def test_dropped_columns_the_key_and_the_index_of_pandas_are_no_features(table_of, plan_with):
    raw = table_of(
        {
            "": column(0, 1),
            "__index_level_0__": column(0, 1),
            "id": column(1, 2),
            "who": column(1, 2),
            "x": column(1, 2),
            "y": column(0, 1),
        }
    )

    layout = laid_out(raw, plan_with(drop=["id"], key="who"))

    assert layout.features == ("x",)
    assert layout.needed == ["x", "y", "who"]
    assert layout.notes == (
        "column '' is an index that pandas wrote: it is left out",
        "column '__index_level_0__' is an index that pandas wrote: it is left out",
    )


def test_an_index_that_is_dropped_or_the_key_needs_no_note(table_of, plan_with):
    raw = table_of(
        {"": column(0, 1), "__index_level_0__": column(0, 1), "x": ROWS * [1.5], "y": [0] * ROWS}
    )

    layout = laid_out(raw, plan_with(drop=[""], key="__index_level_0__"))

    assert layout.notes == ()
    assert layout.features == ("x",)


def test_a_column_is_read_as_numbers_or_as_categories():
    raw = pa.chunked_array([["1", " NA ", "True", "x", ""]])

    number, category = as_kind("c", raw, "number"), as_kind("c", raw, "category")

    assert number.values.to_pylist() == [1.0, None, None, None, None]
    assert number.wrong.to_pylist() == [False, False, True, True, False]
    assert category.values.to_pylist() == ["1", None, "true", "x", None]
    assert category.wrong is None


IMPOSSIBLE = [
    (
        "no target",
        {"target": "yy"},
        {},
        "'rows' has no column 'yy' (data.target): did you mean 'y'?",
    ),
    (
        "nothing near",
        {"target": "price"},
        {},
        "'rows' has no column 'price' (data.target): its columns are 'x', 'c', 'y'.",
    ),
    ("no key", {"key": "cc"}, {}, "'rows' has no column 'cc' (data.key): did you mean 'c'?"),
    (
        "no declared column",
        {
            "columns": {
                "xs": {},
                "pix_*": {},
            },
        },
        {},
        "'rows' has no column 'xs' (data.contract.columns.xs): did you mean 'x'?",
    ),
    (
        "dropped target",
        {"drop": ["y"]},
        {},
        "Column 'y' is the target: it cannot be dropped or the key.",
    ),
    ("no features", {"drop": ["x", "c"]}, {}, "'rows' has no feature columns besides the target."),
    (
        "nested",
        {},
        {"l": [[1]] * 60},
        "Column 'l' holds list<item: int64>: expected numbers, text or booleans; leave it out with "
        "data.drop.",
    ),
]


@pytest.mark.parametrize(
    ("planned", "columns", "sentence"),
    [row[1:] for row in IMPOSSIBLE],
    ids=[row[0] for row in IMPOSSIBLE],
)
def test_what_makes_a_table_impossible_is_a_sentence(
    table_of, plan_with, planned, columns, sentence
):
    with pytest.raises(DataContractError) as raised:
        laid_out(table_of(**columns), plan_with(**planned))

    assert str(raised.value) == sentence


def test_all_that_is_impossible_is_told_at_once(table_of, plan_with):
    few = pa.table([[1], [2], [3]], names=["x", "x", "y"])
    raw = table_of().__class__(few, source="few.csv", version="1")

    with pytest.raises(DataContractError) as raised:
        laid_out(raw, plan_with(target="z"))

    assert str(raised.value).splitlines() == [
        "'few.csv' has no column 'z' (data.target): its columns are 'x', 'x', 'y'.",
        "'few.csv' has more than one column 'x'.",
        "'few.csv' has too few rows, 1: at least 10 are needed to be split into train, val and "
        "test.",
    ]
