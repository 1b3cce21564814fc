import datetime as dt
import decimal
import math

import pyarrow as pa
import pytest

from {{ cookiecutter.package_name }}.data.kinds import Kinds
from {{ cookiecutter.package_name }}.data.scan import laid_out

ROWS = 12


def column(*values, of=None):
    return pa.array((list(values) * ROWS)[:ROWS], of)


@pytest.fixture
def kinds_of(table_of, plan_with):
    """Reads rows, all at once or so many at a time; gives the kinds and what was read last."""

    def read(content, size=ROWS, **planned):
        rows, plan = table_of(content), plan_with(**planned)
        layout = laid_out(rows, plan)
        kinds = Kinds(layout, rows.schema, plan)
        for part in rows.parts(size):
            typed = kinds.read(part.table, layout)
        return kinds, {column.name: column for column in typed}

    return read


def test_kinds_follow_the_type_and_text_that_is_all_numbers_is_numbers(kinds_of):
    kinds, typed = kinds_of(
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

    numbers = [name for name, kind in kinds.of.items() if kind == "number"]
    assert numbers == ["whole", "real", "exact", "digits"]
    assert typed["digits"].values.to_pylist()[:3] == [1.0, None, 2.5]
    assert typed["coded"].values.to_pylist()[:2] == ["u", "v"]


def test_the_contract_states_a_kind(kinds_of):
    kinds, typed = kinds_of(
        {"zip": column(1, 2), "n": column("1", "x"), "y": column(0, 1)},
        columns={
            "zip": {"kind": "category"},
            "n": {"min": 0},
        },
    )

    assert kinds.of == {"zip": "category", "n": "number"}
    assert typed["zip"].values.to_pylist()[:2] == ["1", "2"]
    assert typed["n"].wrong.to_pylist()[:2] == [False, True]


def test_the_one_word_in_the_last_row_is_learned_and_counted_as_a_change(kinds_of):
    late = ["1"] * (ROWS - 1) + ["word"]

    kinds, typed = kinds_of({"x": late, "y": column("a", "b")}, size=1)

    assert kinds.of == {"x": "category"}
    # The target's words were learned from the first row.
    assert kinds.changes == 2
    assert typed["x"].values.to_pylist() == ["word"]


@pytest.mark.parametrize("size", [1, ROWS * 2])
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
        ([*["0.5"] * 11, "word"], "classification"),
        (list(range(20)), "classification"),
        (list(range(21)), "regression"),
        ([*map(str, range(21)), "word"], "classification"),
        ([dt.date(2024, 1, 1)], "classification"),
        ([0.0, 1.0, math.inf], "regression"),
        (["0", "1", "inf", "word"], "classification"),
        (["007", "0.5"], "regression"),
    ],
)
def test_the_task_follows_the_target(kinds_of, values, task, size):
    y = (values * ROWS)[: max(ROWS, len(values))]

    kinds, _ = kinds_of({"x": [1] * len(y), "y": y}, size=size)

    assert kinds.task == task


def test_a_stated_task_wins_and_labels_have_one_spelling(kinds_of):
    columns = {"x": column(1, 2), "y": column(0.0, 1.0)}

    labels = kinds_of(columns)[1]["y"]
    quantity = kinds_of(columns, task="regression")[1]["y"]
    booleans = kinds_of({"x": column(1, 2), "y": column(True, False)})[1]["y"]

    assert labels.values.to_pylist()[:2] == ["0", "1"]
    assert quantity.values.to_pylist()[:2] == [0.0, 1.0]
    assert booleans.values.to_pylist()[:2] == ["true", "false"]


def test_declared_classes_are_labels_whatever_they_look_like(kinds_of):
    columns = {"x": column(1, 2), "y": column(0.5, 1.5)}

    kinds, typed = kinds_of(columns, classes=["0.5", "1.5"])

    assert kinds.task == "classification"
    assert typed["y"].values.to_pylist()[:2] == ["0.5", "1.5"]


@pytest.mark.parametrize("size", [1, ROWS])
def test_one_code_that_begins_with_a_zero_keeps_the_spelling_of_all(kinds_of, size):
    y = [*["7", "12"] * 5, "007", "7"]

    kinds, _ = kinds_of({"x": [1] * ROWS, "y": y}, size=size)

    assert kinds.task == "classification"
    assert kinds.changes == 1
    again = kinds_of({"x": [1] * ROWS, "y": y[::-1]}, size=ROWS)[1]["y"]
    assert again.values.to_pylist() == y[::-1]


STATED = [
    ({"kind": "category"}, [0.5, 1.5], "classification"),
    ({"values": ["a", "b"]}, [0.5, 1.5], "classification"),
    ({"min": 1, "max": 5}, [1, 2, 99], "classification"),
    ({"kind": "number"}, ["1", "2", "word"], "classification"),
    ({"kind": "number"}, [0.5, 2], "regression"),
]


@pytest.mark.parametrize("size", [1, ROWS])
@pytest.mark.parametrize(("rule", "values", "task"), STATED)
def test_the_form_of_the_target_fits_its_rule(kinds_of, rule, values, task, size):
    kinds, _ = kinds_of({"x": column(1, 2), "y": column(*values)}, size=size, columns={"y": rule})

    assert kinds.task == task
