import numpy as np
import pytest

from {{ cookiecutter.package_name }}.inference.records import MAX_ERRORS
from {{ cookiecutter.package_name }}.inference.tensors import TensorReader
from {{ cookiecutter.package_name }}.schemas.dataset import Column, DataSchema, Target
from {{ cookiecutter.package_name }}.schemas.errors import InvalidRequest

SCHEMA = DataSchema(
    columns=(
        Column(name="age", kind="number", lowest=0.1, highest=120, required=True),
        Column(name="city", kind="category", allowed=("Oslo", "true")),
        Column(name="income", kind="number"),
        Column(name="kind", kind="category", required=True),
    ),
    target=Target(name="y", task="regression"),
)


def read(numbers, texts, dtype=np.float32):
    return TensorReader(SCHEMA).read(np.array(numbers, dtype), np.array(texts, dtype=object))


def refused(numbers, texts, dtype=np.float32):
    with pytest.raises(InvalidRequest) as caught:
        read(numbers, texts, dtype)
    return [str(error) for error in caught.value.errors]


def test_rows_that_fit_are_features_with_missing_values_as_they_are():
    features = read([[1, np.nan], [120, -5]], [["", "a"], ["Oslo", "b"]])

    np.testing.assert_array_equal(features.numeric, np.float32([[1, np.nan], [120, -5]]))
    assert features.categorical.tolist() == [["", "a"], ["Oslo", "b"]]


def test_categories_have_the_spelling_that_training_gave_them():
    assert read([[1, 1]], [["TRUE", "x"]]).categorical.tolist() == [["true", "x"]]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_limit_itself_is_taken_although_32_bits_cannot_hold_it(dtype):
    assert read([[0.1, 1]], [["Oslo", "x"]], dtype).numeric[0, 0] == np.float32(0.1)


@pytest.mark.parametrize(
    ("numbers", "texts", "told"),
    [
        (
            [[130.1, 1]],
            [["Oslo", "x"]],
            "row 0, column 'age': expected a number from 0.1 to 120, got 130.1",
        ),
        (
            [[np.nan, 1]],
            [["Oslo", "x"]],
            "row 0, column 'age': expected a number from 0.1 to 120, got null",
        ),
        (
            [[1, np.inf]],
            [["Oslo", "x"]],
            "row 0, column 'income': expected a finite number (null where it is missing), got inf",
        ),
        (
            [[1, 1]],
            [["Rome", "x"]],
            "row 0, column 'city': expected one of 'Oslo', 'true' or null, got 'Rome'",
        ),
        (
            [[1, 1]],
            [["", ""]],
            "row 0, column 'kind': expected text, a number or a boolean, got null",
        ),
    ],
)
def test_a_value_that_a_column_does_not_take_is_named(numbers, texts, told):
    assert refused(numbers, texts) == [told]


def test_a_number_that_32_bits_cannot_hold_is_named_as_it_was_sent():
    assert refused([[1, 1e39]], [["Oslo", "x"]], np.float64) == [
        "row 0, column 'income': expected a number that fits 32-bit floating point (up to "
        "3.4e38), got 1e+39"
    ]


def test_all_refused_values_are_named_up_to_a_limit():
    rows = 15
    told = refused([[1, 1]] + [[-1, 1]] * rows, [["Oslo", "x"]] + [["Rome", "x"]] * rows)

    assert len(told) == MAX_ERRORS
    assert told[0].startswith("row 1, column 'age'")
    assert told[-1].startswith("row 10, column 'city'")


def test_what_is_kept_of_a_request_is_not_the_request():
    sent = np.ones((1, 2), dtype=np.float32)
    features = TensorReader(SCHEMA).read(sent, np.array([["Oslo", "x"]], dtype=object))

    assert not np.shares_memory(sent, features.numeric)
