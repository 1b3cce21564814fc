import random

import pytest

from {{ cookiecutter.package_name }}.inference.records import features_from_rows
from {{ cookiecutter.package_name }}.schemas.dataset import Column, DataSchema, Target
from {{ cookiecutter.package_name }}.schemas.errors import InvalidRequest

DECLARED = DataSchema(
    columns=(
        Column(name="age", kind="number", lowest=0, highest=120, required=True),
        Column(name="city", kind="category", allowed=("Oslo", "1", "true")),
        Column(name="income", kind="number", lowest=0.5),
        Column(name="street", kind="category", required=True),
    ),
    target=Target(name="y", task="regression"),
)


def test_what_the_contract_allows_is_read():
    rows = [[120, 1, 0.5, "x"], [0, True, None, 7], [1.5, None, 1e38, "y"]]

    features = features_from_rows(rows, DECLARED, 10)

    assert features.categorical.tolist() == [["1", "x"], ["true", "7"], ["", "y"]]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"age": 121}, "'age': expected a number from 0 to 120, got 121"),
        ({"age": 120.0000001}, "'age': expected a number from 0 to 120, got 120.0000001"),
        ({"age": None}, "'age': expected a number from 0 to 120, got null"),
        ({"age": ""}, "'age': expected a number from 0 to 120, got ''"),
        ({"age": "x"}, "'age': expected a number from 0 to 120, got 'x'"),
        ({"age": float("nan")}, "'age': expected a number from 0 to 120, got nan"),
        ({"income": 0}, "'income': expected a number of at least 0.5, got 0"),
        ({"income": "x"}, "'income': expected a number of at least 0.5 or null, got 'x'"),
        ({"city": "Rome"}, "'city': expected one of 'Oslo', '1', 'true' or null, got 'Rome'"),
        ({"city": 2}, "'city': expected one of 'Oslo', '1', 'true' or null, got 2"),
        ({"street": None}, "'street': expected text, a number or a boolean, got null"),
        (
            {"street": ""},
            "'street': expected text, a number or a boolean, got '' (an empty text counts as "
            "missing)",
        ),
    ],
)
@pytest.mark.parametrize("by_name", [True, False])
def test_a_value_outside_the_contract_is_named_with_what_was_expected(change, told, by_name):
    row = {"age": 30, "city": "Oslo", "income": 1, "street": "x"} | change

    with pytest.raises(InvalidRequest) as caught:
        features_from_rows([row if by_name else list(row.values())], DECLARED, 100)

    (error,) = caught.value.errors
    assert str(error) == f"row 0, column {told}"


def test_only_a_value_that_may_be_missing_is_asked_for_as_null():
    row = {"city": "Oslo", "street": "x"}

    with pytest.raises(InvalidRequest) as caught:
        features_from_rows([row], DECLARED, 100)

    assert [str(error) for error in caught.value.errors] == [
        "row 0, column 'age': is missing; a value is required",
        "row 0, column 'income': is missing; send null where it is not known",
    ]


def test_whatever_the_contract_refuses_quickly_is_explained_and_nothing_else():
    values = [0, 120, 121, -1, 0.5, 1e38, 3.4028235e38, 3.5e38, None, "", "Oslo", "x", True, 1]
    chance, refusals = random.Random(7), 0

    for _ in range(2000):
        row = [chance.choice(values) for _ in range(4)]
        reasons = None
        try:
            features_from_rows([row], DECLARED, 1)
        except InvalidRequest as error:
            reasons = error.errors
        assert reasons is None or len(reasons) > 0, f"refused without a reason: {row}"
        refusals += reasons is not None

    assert 200 < refusals < 1990


@pytest.mark.parametrize(
    ("rows", "got"),
    [([61, "Oslo", 3.5, "x"], "values"), ([61, 2.5], "numbers"), ([1.5] * 99, "numbers")],
)
def test_one_row_that_is_no_list_of_rows_is_told_so_once(rows, got):
    with pytest.raises(InvalidRequest) as caught:
        features_from_rows(rows, DECLARED, 10)

    (error,) = caught.value.errors
    assert str(error) == (
        f"'inputs' is a list of rows: expected arrays or objects, got {got}; put the row into a "
        "list of its own"
    )
