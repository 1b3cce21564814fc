import math

import pytest

from {{ cookiecutter.package_name }}.data.contract import check, violations
from {{ cookiecutter.package_name }}.data.layout import lay_out
from {{ cookiecutter.package_name }}.schemas.errors import DataContractError


def sentences(raw, plan):
    return [str(found) for found in violations(lay_out(raw, plan), plan.contract, raw.first_row)]


def with_values(values, usual, at=3):
    return [*usual[:at], *values, *usual[at + len(values) :]]


X = [i / 10 for i in range(60)]
C = ["red", "green", "blue"] * 20
Y = ["no", "yes"] * 30

BROKEN = [
    (
        {"x": with_values([9.0, 7], X)},
        {
            "columns": {
                "x": {"max": 6},
            },
        },
        "Column 'x' must be at most 6, but in 2 rows is not: row 5 has 9, row 6 has 7.",
    ),
    (
        {"x": with_values([-0.5], X)},
        {
            "columns": {
                "x": {"min": 0},
            },
        },
        "Column 'x' must be at least 0, but in 1 row is not: row 5 has -0.5.",
    ),
    (
        {"x": with_values([None, math.nan], X)},
        {
            "columns": {
                "x": {"nullable": False},
            },
        },
        "Column 'x' must not be missing, but in 2 rows is: row 5, row 6.",
    ),
    (
        {"x": with_values([math.inf], X)},
        {},
        "Column 'x' must be finite and at most 3.403e+38 in size, but in 1 row is not: "
        "row 5 has inf.",
    ),
    (
        {"x": with_values(["old", "?"], [str(x) for x in X])},
        {
            "columns": {
                "x": {"kind": "number", "max": 5.8},
            },
        },
        "Column 'x' must be a number, but in 2 rows is not: row 5 has 'old', row 6 has '?'.\n"
        "Column 'x' must be at most 5.8, but in 1 row is not: row 61 has 5.9.",
    ),
    (
        {"c": with_values(["pink"] * 5, C)},
        {
            "columns": {
                "c": {"values": ["red", "green", "blue"]},
            },
        },
        "Column 'c' must be one of 'red', 'green', 'blue', but in 5 rows is not: "
        "row 5 has 'pink', row 6 has 'pink', row 7 has 'pink', ….",
    ),
    (
        {"c": with_values([""], C)},
        {
            "columns": {
                "c": {"nullable": False},
            },
        },
        "Column 'c' must not be missing, but in 1 row is: row 5.",
    ),
    (
        {"y": with_values(["", "NaN", None], Y)},
        {},
        "Column 'y' must not be missing, but in 3 rows is: row 5, row 6, row 7.",
    ),
    (
        {"y": with_values(["maybe"], Y)},
        {"classes": ["no", "yes"]},
        "Column 'y' must be one of 'no', 'yes', but in 1 row is not: row 5 has 'maybe'.",
    ),
    (
        {"y": with_values(["cheap"], [str(x) for x in X])},
        {"task": "regression"},
        "Column 'y' must be a number, but in 1 row is not: row 5 has 'cheap'.",
    ),
    (
        {"k": with_values([None], list(range(60)))},
        {"key": "k"},
        "Column 'k' must not be missing, but in 1 row is: row 5.",
    ),
]


@pytest.mark.parametrize(("columns", "planned", "told"), BROKEN)
def test_a_broken_rule_names_column_rule_and_rows(table_of, plan_with, columns, planned, told):
    raw = table_of({"x": X, "c": C, "y": Y}, first_row=2, **columns)

    assert "\n".join(sentences(raw, plan_with(**planned))) == told


def test_all_violations_are_told_at_once_in_the_order_of_the_columns(table_of, plan_with):
    raw = table_of(x=with_values([math.inf], X), y=with_values([None], Y))
    plan = plan_with(
        columns={
            "c": {"values": ["red"]},
            "x": {"max": 6},
        }
    )
    layout = lay_out(raw, plan)

    with pytest.raises(DataContractError) as raised:
        check(layout, plan.contract, raw.first_row)

    lines = str(raised.value).splitlines()
    assert [line.split(",")[0] for line in lines] == [
        "Column 'x' must be finite and at most 3.403e+38 in size",
        "Column 'x' must be at most 6",
        "Column 'c' must be one of 'red'",
        "Column 'y' must not be missing",
    ]


def test_data_that_keep_the_contract_pass(table_of, plan_with):
    plan = plan_with(
        columns={
            "x": {"min": 0, "max": 1, "nullable": False},
            "c": {"values": ["red", "green", "blue"]},
        },
        classes=["no", "yes", "never seen"],
    )
    raw = table_of()

    check(lay_out(raw, plan), plan.contract, raw.first_row)


def test_values_may_be_missing_unless_the_contract_says_no(table_of, plan_with):
    raw = table_of(x=with_values([None], X), c=with_values([None], C))

    assert (
        sentences(
            raw,
            plan_with(
                columns={
                    "x": {"min": 0},
                    "c": {"values": list(set(C))},
                }
            ),
        )
        == []
    )


def test_any_name_can_have_a_rule(table_of, plan_with):
    name = 'größe "m²"\n(a, b)'
    raw = table_of(**{name: with_values([70.0], X)})

    (told,) = sentences(
        raw,
        plan_with(
            columns={
                name: {"max": 60},
            }
        ),
    )

    assert told == f"Column '{name}' must be at most 60, but in 1 row is not: row 4 has 70."
