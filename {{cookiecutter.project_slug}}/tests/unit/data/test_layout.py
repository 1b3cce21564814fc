import datetime as dt
import decimal

import pyarrow as pa
import pytest

from {{ cookiecutter.package_name }}.data.layout import lay_out, target_task
from {{ cookiecutter.package_name }}.schemas.errors import DataContractError

ROWS = 12


def column(*values, of=None):
    return pa.array((list(values) * ROWS)[:ROWS], of)


def kinds_of(layout):
    return {typed.name: typed.kind for typed in layout.features}


def test_kinds_follow_the_type_and_text_that_is_all_numbers_is_numbers(table_of, plan_with):
    raw = table_of(
        {
            "whole": column(1, 2),
            "real": column(1.5, None),
            "exact": column(decimal.Decimal("1.5")),
            "text": column("a", "b"),
            "digits": column("1", "", "2.5"),
            "nearly": column("1", "?"),
            "flag": column(True, False),
            "day": column(dt.date(2024, 1, 1)),
            "coded": column("u", "v").dictionary_encode(),
            "y": column("a", "b"),
        }
    )

    layout = lay_out(raw, plan_with())

    kinds = kinds_of(layout)
    numbers = [name for name, kind in kinds.items() if kind == "number"]
    assert numbers == ["whole", "real", "exact", "digits"]
    assert list(kinds) == [name for name in raw.table.column_names if name != "y"]
    digits = layout.features[4].values.to_pylist()
    assert digits[:3] == [1.0, None, 2.5]


def test_the_contract_states_a_kind(table_of, plan_with):
    raw = table_of({"zip": column(1, 2), "n": column("1", "x"), "y": column(0, 1)})

    layout = lay_out(
        raw,
        plan_with(
            columns={
                "zip": {"kind": "category"},
                "n": {"min": 0},
            }
        ),
    )

    assert kinds_of(layout) == {"zip": "category", "n": "number"}
    assert layout.features[0].values.to_pylist()[:2] == ["1", "2"]
    assert layout.features[1].wrong.to_pylist()[:2] == [False, True]


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

    layout = lay_out(raw, plan_with(drop=["id"], key="who"))

    assert kinds_of(layout) == {"x": "number"}
    assert layout.key is not None
    assert layout.key.values.to_pylist()[:2] == ["1", "2"]
    assert layout.notes == (
        "column '' is an index that pandas wrote: it is left out",
        "column '__index_level_0__' is an index that pandas wrote: it is left out",
    )


@pytest.mark.parametrize(
    ("values", "task"),
    [
        (["a", "b"], "classification"),
        ([True, False], "classification"),
        ([0, 1, None], "classification"),
        ([0.0, 1.0], "classification"),
        (["0", "1"], "classification"),
        ([0.5, 1.0], "regression"),
        (["0.5", "1"], "regression"),
        (list(range(20)), "classification"),
        (list(range(21)), "regression"),
        ([dt.date(2024, 1, 1)], "classification"),
    ],
)
def test_the_task_follows_the_target(values, task):
    assert target_task(pa.chunked_array([values])) == task


def test_a_stated_task_wins_and_labels_have_one_spelling(table_of, plan_with):
    raw = table_of({"x": column(1, 2), "y": column(0.0, 1.0)})

    labels = lay_out(raw, plan_with()).target
    quantity = lay_out(raw, plan_with(task="regression")).target

    assert labels.values.to_pylist()[:2] == ["0", "1"]
    assert quantity.values.to_pylist()[:2] == [0.0, 1.0]
    booleans = lay_out(table_of(y=[True, False] * 30), plan_with()).target
    assert booleans.values.to_pylist()[:2] == ["true", "false"]


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
        "all missing",
        {},
        {"e": [None] * 60},
        "Column 'e' has no values at all: leave it out with data.drop.",
    ),
    (
        "all spelled missing",
        {},
        {"e": ["", "NA"] * 30},
        "Column 'e' has no values at all: leave it out with data.drop.",
    ),
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
        lay_out(table_of(**columns), plan_with(**planned))

    assert str(raised.value) == sentence


def test_all_that_is_impossible_is_told_at_once(table_of, plan_with):
    few = pa.table([[1], [2], [3]], names=["x", "x", "y"])
    raw = table_of().__class__(few, source="few.csv", version="1")

    with pytest.raises(DataContractError) as raised:
        lay_out(raw, plan_with(target="z"))

    assert str(raised.value).splitlines() == [
        "'few.csv' has no column 'z' (data.target): its columns are 'x', 'x', 'y'.",
        "'few.csv' has more than one column 'x'.",
        "'few.csv' has too few rows, 1: at least 10 are needed to be split into train, val and "
        "test.",
    ]
