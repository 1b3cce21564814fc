import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from {{ cookiecutter.package_name }}.data.layout import as_kind
from {{ cookiecutter.package_name }}.data.profiles import NumberProfile, TextProfile
from {{ cookiecutter.package_name }}.data.splitting import coded

numbers = st.lists(st.one_of(st.none(), st.integers(-9, 9), st.floats(-9, 9)), min_size=1)


def number_profile(values, training=None, size=100):
    profile = NumberProfile()
    training = [True] * len(values) if training is None else training
    for start in range(0, len(values), size):
        raw = pa.chunked_array([pa.array(values[start : start + size], pa.float64())])
        rows = np.array(training[start : start + size], bool)
        profile.add(as_kind("x", raw, "number"), rows)
    return profile


def text_profile(values, size=100):
    profile = TextProfile()
    for start in range(0, len(values), size):
        raw = pa.chunked_array([pa.array(values[start : start + size], pa.string())])
        column = as_kind("x", raw, "category")
        profile.add(column, coded(column.values), np.ones(len(raw), bool))
    return profile


@given(numbers, st.randoms(), st.integers(1, 20))
def test_ranges_are_those_of_the_rows_in_any_order_and_parts(values, random, size):
    training = [random.random() < 0.5 for _ in values]
    profile = number_profile(values, training, size)

    there = [value for value in values if value is not None]
    trained = [v for v, use in zip(values, training, strict=True) if use and v is not None]
    assert (profile.low, profile.high) == (min(there, default=None), max(there, default=None))
    assert profile.seen_low == min(trained, default=None)
    assert profile.seen_high == max(trained, default=None)
    assert (profile.rows, profile.present) == (len(values), len(there))


def test_what_is_there_and_no_number_is_present():
    profile = NumberProfile()
    column = as_kind("x", pa.chunked_array([["word", "", "NA"]]), "number")

    profile.add(column, np.ones(3, bool))

    assert profile.present == 1
    assert profile.low is None


@pytest.mark.parametrize("size", [1, 2, 100])
@pytest.mark.parametrize(
    ("values", "counts"),
    [
        ([3.0, 1.0, 2.0], True),
        ([3.0, 1.0, 4.0], False),
        ([1.0, 1.0, 2.0], False),
        ([1.0, 1.0, 3.0], False),
        ([0.5, 1.5, 2.5], False),
        ([1.0, None, 2.0], False),
        ([-1.0, 0.0, 1.0, -2.0], True),
        ([float("inf"), 1.0], False),
        ([None, None], False),
    ],
)
def test_a_row_number_is_recognised(values, counts, size):
    assert number_profile(values, size=size).counts_rows is counts


@given(st.integers(-50, 50), st.integers(1, 60), st.randoms(), st.integers(1, 20))
def test_row_numbers_are_recognised_in_any_order_and_others_are_not(first, rows, random, size):
    values = [float(first + place) for place in range(rows)]
    random.shuffle(values)

    assert number_profile(values, size=size).counts_rows
    if rows > 3:
        doubled = [values[0], values[0], *values[2:]]
        assert not number_profile(doubled, size=size).counts_rows


@pytest.mark.parametrize("size", [1, 3, 100])
def test_texts_that_are_numbers_after_all_are_counted(size):
    profile = text_profile(["1", "2.5", None, "?", "1", "NA", "1,5", "10.000,25", "?"], size)

    assert (profile.rows, profile.present) == (9, 7)
    assert (profile.numbers, profile.odd, profile.commas) == (3, 4, 2)
    assert profile.first_odd == "?"


def test_labels_that_are_stored_as_numbers_are_not_looked_into():
    column = as_kind("x", pa.chunked_array([[1, 2]]), "category")
    profile = TextProfile()

    profile.add(column, coded(column.values), np.ones(2, bool))

    assert (profile.numbers, profile.odd) == (0, 0)
