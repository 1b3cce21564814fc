import math

import pyarrow as pa
import pytest
from contract_checks import KINDS, add, arrays, checked, contract_of

from {{ cookiecutter.package_name }}.data.contract import ContractCheck, Violation
from {{ cookiecutter.package_name }}.data.source import Part
from {{ cookiecutter.package_name }}.schemas.errors import DataContractError

X = [i / 10 for i in range(60)]
C = ["red", "green", "blue"] * 20
Y = ["no", "yes"] * 30


def with_values(values, usual, at=3):
    return [*usual[:at], *values, *usual[at + len(values) :]]


def sentences(columns, contract, kinds=KINDS, cuts=()):
    found = checked(columns, contract, kinds, cuts).violations()
    return [violation.told(with_files=False) for violation in found]


BROKEN = [
    (
        {"x": with_values([9.0, 7], X)},
        {"x": {"max": 6}},
        "Column 'x' must be at most 6, but in 2 rows is not: row 5 has 9, row 6 has 7.",
    ),
    (
        {"x": with_values([-0.5], X)},
        {"x": {"min": 0}},
        "Column 'x' must be at least 0, but in 1 row is not: row 5 has -0.5.",
    ),
    (
        {"x": with_values([None, math.nan], X)},
        {"x": {"nullable": False}},
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
        {"x": {"kind": "number", "max": 5.8}},
        "Column 'x' must be a number, but in 2 rows is not: row 5 has 'old', row 6 has '?'.\n"
        "Column 'x' must be at most 5.8, but in 1 row is not: row 61 has 5.9.",
    ),
    (
        {"c": with_values(["pink"] * 5, C)},
        {"c": {"values": ["red", "green", "blue"]}},
        "Column 'c' must be one of 'red', 'green', 'blue', but in 5 rows is not: "
        "row 5 has 'pink', row 6 has 'pink', row 7 has 'pink', ….",
    ),
    (
        {"c": with_values([""], C)},
        {"c": {"nullable": False}},
        "Column 'c' must not be missing, but in 1 row is: row 5.",
    ),
    (
        {"c": with_values(["x" * 500], C)},
        {"c": {"values": ["red", "green", "blue"]}},
        "Column 'c' must be one of 'red', 'green', 'blue', but in 1 row is not: "
        f"row 5 has '{'x' * 59}…'.",
    ),
    (
        {"y": with_values(["", "NaN", None], Y)},
        {},
        "Column 'y' must not be missing, but in 3 rows is: row 5, row 6, row 7.",
    ),
    (
        {"k": with_values([None], list(range(60)))},
        {},
        "Column 'k' must not be missing, but in 1 row is: row 5.",
    ),
]


@pytest.mark.parametrize("cuts", [(), (5,), (5, 6, 30)])
@pytest.mark.parametrize(("columns", "rules", "told"), BROKEN)
def test_a_broken_rule_names_column_rule_and_rows(columns, rules, told, cuts):
    columns = {"x": X, "c": C, "y": Y} | columns

    assert "\n".join(sentences(columns, contract_of(rules), cuts=cuts)) == told


def test_the_target_must_be_one_of_the_classes_that_are_stated():
    contract = contract_of(classes=["no", "yes"])

    (told,) = sentences({"x": X, "y": with_values(["maybe"], Y)}, contract)

    assert told == (
        "Column 'y' must be one of 'no', 'yes', but in 1 row is not: row 5 has 'maybe'."
    )


NUMBERED = [
    (
        {"y": {"min": 1, "max": 5}},
        "Column 'y' must be at most 5, but in 1 row is not: row 5 has 99.",
    ),
    ({"k": {"min": 1}}, "Column 'k' must be at least 1, but in 1 row is not: row 2 has 0."),
    (
        {"k": {"values": ["0"]}},
        "Column 'k' must be one of '0', but in 59 rows is not: "
        "row 3 has '1', row 4 has '2', row 5 has '3', ….",
    ),
]


@pytest.mark.parametrize(("rules", "told"), NUMBERED)
def test_rules_hold_for_labels_and_keys_too(rules, told):
    columns = {"y": with_values([99], [1, 5] * 30), "k": list(range(60))}

    assert sentences(columns, contract_of(rules), cuts=(10,)) == [told]


def test_labels_that_are_numbers_keep_a_range_and_their_classes():
    columns = {"y": with_values([None, "3", "7", "word"], ["1", "2"] * 30)}
    contract = contract_of({"y": {"max": 5}}, ["1", "2"])

    assert sentences(columns, contract) == [
        "Column 'y' must be one of '1', '2', but in 3 rows is not: "
        "row 6 has '3', row 7 has '7', row 8 has 'word'.",
        "Column 'y' must not be missing, but in 1 row is: row 5.",
        "Column 'y' must be a number, but in 1 row is not: row 8 has 'word'.",
        "Column 'y' must be at most 5, but in 1 row is not: row 7 has 7.",
    ]


def test_a_quantity_to_predict_must_be_a_number():
    (told,) = sentences({"y": with_values(["cheap"], [str(x) for x in X])}, contract_of(), {})

    assert told == "Column 'y' must be a number, but in 1 row is not: row 5 has 'cheap'."


def test_all_violations_are_told_at_once_in_the_order_of_the_columns():
    rules = {
        "c": {"values": ["red"]},
        "x": {"max": 6},
    }
    # The rule that is told first is the one that later rows break.
    columns = {"x": with_values([7, math.inf], X), "c": C, "y": with_values([None], Y)}

    with pytest.raises(DataContractError) as raised:
        checked(columns, contract_of(rules), cuts=(4,)).require()

    lines = str(raised.value).splitlines()
    assert [line.split(",")[0] for line in lines] == [
        "Column 'x' must be finite and at most 3.403e+38 in size",
        "Column 'x' must be at most 6",
        "Column 'c' must be one of 'red'",
        "Column 'y' must not be missing",
    ]


def test_rows_of_several_files_are_told_with_their_file():
    check = ContractCheck(contract_of({"x": {"min": 0}}), "y", None)
    for file, x in {"houses-1.csv": [1, -2], "houses-2.csv": [-3, 1]}.items():
        rows = pa.table({"x": x})
        add(check, arrays({"x": x}).items(), KINDS, Part(rows, file, 2, 1.0))

    with pytest.raises(DataContractError) as raised:
        check.require()

    assert str(raised.value) == (
        "Column 'x' must be at least 0, but in 2 rows is not: "
        "row 3 of houses-1.csv has -2, row 2 of houses-2.csv has -3."
    )


def test_what_is_kept_does_not_grow_with_the_wrong_rows():
    check = checked({"x": [-1.0] * 1000, "y": ["a"] * 1000}, contract_of({"x": {"min": 0}}))

    (violation,) = check.violations()

    assert violation.rows == 1000
    assert violation.examples == [("rows.csv", 2, -1.0), ("rows.csv", 3, -1.0), ("rows.csv", 4, -1)]


def test_data_that_keep_the_contract_pass():
    rules = {
        "x": {"min": 0, "max": 5.9, "nullable": False},
        "c": {"values": ["red", "green", "blue"]},
    }
    contract = contract_of(rules, ["no", "yes", "never seen"])

    checked({"x": X, "c": C, "y": Y}, contract).require()


def test_values_may_be_missing_unless_the_contract_says_no():
    columns = {"x": with_values([None], X), "c": with_values([None], C), "y": Y}
    rules = {
        "x": {"min": 0},
        "c": {"values": list(set(C))},
    }

    assert sentences(columns, contract_of(rules)) == []


def test_any_name_can_have_a_rule():
    name = 'größe "m²"\n(a, b)'
    columns = {name: with_values([70.0], X), "y": Y}

    (told,) = sentences(columns, contract_of({name: {"max": 60}}))

    assert told == f"Column '{name}' must be at most 60, but in 1 row is not: row 5 has 70."


def test_many_rows_are_counted_readably():
    broken = Violation("age", "must be at most 120", rows=30_109, examples=[("a.csv", 4, 230.0)])

    assert broken.told(with_files=False) == (
        "Column 'age' must be at most 120, but in 30,109 rows is not: row 4 has 230, …."
    )
