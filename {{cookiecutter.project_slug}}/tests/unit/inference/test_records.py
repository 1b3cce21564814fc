import random

import numpy as np
import pytest

from {{ cookiecutter.package_name }}.inference.records import MAX_ERRORS, features_from_rows
from {{ cookiecutter.package_name }}.schemas.dataset import Column, DataSchema, Target
from {{ cookiecutter.package_name }}.schemas.errors import InvalidRequest


@pytest.fixture
def numbers_schema():
    columns = tuple(Column(name=f"x{place}", kind="number") for place in range(3))
    return DataSchema(columns=columns, target=Target(name="y", task="regression"))


def refused(rows, schema, max_rows=100):
    with pytest.raises(InvalidRequest) as caught:
        features_from_rows(rows, schema, max_rows)
    return caught.value.errors


def test_arrays_of_numbers_become_one_float32_matrix(numbers_schema):
    features = features_from_rows([[1, 2.5, 3], [4, 5, 6]], numbers_schema, 100)

    assert features.numeric.dtype == np.float32
    assert features.numeric.tolist() == [[1, 2.5, 3], [4, 5, 6]]
    assert features.categorical.shape == (2, 0)


def test_objects_and_arrays_mean_the_same(mixed_schema):
    rows = [[30, "Oslo", 1.5], {"income": 1.5, "age": 30, "city": "Oslo"}]

    features = features_from_rows(rows, mixed_schema, 100)

    assert features.numeric.tolist() == [[30, 1.5], [30, 1.5]]
    assert features.categorical.tolist() == [["Oslo"], ["Oslo"]]


def test_null_is_a_missing_value_in_either_kind(mixed_schema):
    features = features_from_rows([[None, None, 1]], mixed_schema, 100)

    assert np.isnan(features.numeric[0, 0])
    assert features.categorical.tolist() == [[""]]


def test_categories_may_be_unknown_or_of_any_simple_type(mixed_schema):
    rows = [[1, "Atlantis", 1], [1, 7, 1], [1, 7.0, 1], [1, True, 1]]

    features = features_from_rows(rows, mixed_schema, 100)

    assert features.categorical.ravel().tolist() == ["Atlantis", "7", "7", "true"]


def test_a_model_of_categories_only_has_no_numbers():
    columns = (Column(name="city", kind="category"),)
    schema = DataSchema(columns=columns, target=Target(name="y", task="regression"))

    features = features_from_rows([["Oslo"], {"city": "Bergen"}], schema, 100)

    assert features.numeric.shape == (2, 0)
    assert features.categorical.ravel().tolist() == ["Oslo", "Bergen"]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("31", "expected a number or null, got '31'"),
        (True, "expected a number or null, got true"),
        ([1], "expected a number or null, got an array"),
        ({}, "expected a number or null, got an object"),
        (float("nan"), "expected a finite number (null where it is missing), got nan"),
        (float("-inf"), "expected a finite number (null where it is missing), got -inf"),
        (1e39, "expected a number that fits 32-bit floating point (up to 3.4e38), got 1e+39"),
        (10**400, "32-bit floating point"),
    ],
)
def test_what_is_no_number_is_named_with_its_place(mixed_schema, value, expected):
    (error,) = refused([[1, "Oslo", 1], [1, "Oslo", value]], mixed_schema)

    assert (error.row, error.field) == (1, "income")
    assert expected in error.message


@pytest.mark.parametrize("value", [["Oslo"], {"name": "Oslo"}, float("nan")])
def test_what_is_no_category_is_named_with_its_place(mixed_schema, value):
    (error,) = refused([[1, value, 1]], mixed_schema)

    assert (error.row, error.field) == (0, "city")
    assert "expected text" in error.message


def test_columns_that_are_missing_or_unknown_are_all_named(mixed_schema):
    errors = refused([{"age": "old", "incme": 1, "zzz": 2}], mixed_schema)

    assert {str(error) for error in errors} == {
        "row 0, column 'age': expected a number or null, got 'old'",
        "row 0, column 'city': is missing; send null where it is not known",
        "row 0, column 'income': is missing; send null where it is not known",
        "row 0, column 'incme': is not a column of this model; did you mean 'income'?",
        "row 0, column 'zzz': is not a column of this model; expected age, city, income",
    }


def test_a_row_of_the_wrong_length_is_told_the_right_one(mixed_schema):
    (error,) = refused([[1, "Oslo"], [1, "Oslo", 2]], mixed_schema)

    assert str(error) == "row 0: expected 3 values (age, city, income), got 2"


def test_a_single_row_that_is_not_in_a_list_is_told_what_a_row_is(numbers_schema):
    errors = refused([1, 2, 3], numbers_schema)

    assert str(errors[0]).startswith("'inputs' is a list of rows: expected arrays or objects, got ")


@pytest.mark.parametrize(
    ("rows", "got"),
    [
        (None, "got null"),
        ("rows", "got 'rows'"),
        ({}, "got an object"),
        ([], "got 0 rows"),
        ([[1, 2, 3]] * 6, "got 6 rows"),
    ],
)
def test_the_number_of_rows_is_bounded(numbers_schema, rows, got):
    (error,) = refused(rows, numbers_schema, max_rows=5)

    assert str(error) == f"expected an array of 1 to 5 rows, {got}"


def test_a_wrong_batch_is_not_echoed_whole(numbers_schema):
    errors = refused([["x" * 1000] * 3] * 100, numbers_schema)

    assert len(errors) == MAX_ERRORS
    assert all(len(error.message) < 120 for error in errors)


def test_whatever_the_quick_way_refuses_is_explained_and_nothing_else(mixed_schema):
    values = [1, 2.5, -0.0, 1e38, 3.5e38, 1e39, None, "", "x", True, [], {}, float("nan"), 10**400]
    chance = random.Random(7)
    refusals = 0

    for _ in range(2000):
        row = [chance.choice(values) for _ in range(chance.choice([3, 3, 3, 3, 2]))]
        names = chance.choice([["age", "city", "income"], ["age", "town", "income"]])
        rows = [row if chance.random() < 0.5 else dict(zip(names, row, strict=False))]
        reasons = None
        try:
            features_from_rows(rows, mixed_schema, 100)
        except InvalidRequest as error:
            reasons = error.errors
        assert reasons is None or len(reasons) > 0, f"refused without a reason: {rows}"
        refusals += reasons is not None

    assert 200 < refusals < 1990


def test_the_form_of_a_row_does_not_depend_on_the_rows_beside_it(mixed_schema):
    rows = [[40, "True", 1.0], [40, None, 1.0], [40, "Oslo", 1.0]]

    together = features_from_rows(rows, mixed_schema, 10).categorical.tolist()
    alone = [features_from_rows([row], mixed_schema, 10).categorical.tolist()[0] for row in rows]

    assert together == alone == [["true"], [""], ["Oslo"]]
