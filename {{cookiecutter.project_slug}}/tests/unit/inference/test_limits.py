import numpy as np
import pytest

from {{ cookiecutter.package_name }}.inference.limits import Choices, Ranges
from {{ cookiecutter.package_name }}.schemas.dataset import Column

NUMBERS = Ranges(
    [
        Column(name="size", kind="number", lowest=0, highest=16, required=True),
        Column(name="age", kind="number", highest=3),
    ]
)
CATEGORIES = Choices(
    [
        Column(name="city", kind="category", allowed=("Oslo", "Rome")),
        Column(name="street", kind="category", required=True),
        Column(name="kind", kind="category", allowed=("a",), required=True),
        Column(name="note", kind="category"),
    ]
)
NAN = np.nan


@pytest.mark.parametrize(
    ("row", "held"),
    [
        ([0, 3], True),
        ([16, NAN], True),
        ([16, -1e30], True),
        ([-0.1, 0], False),
        ([16.0000001, 0], False),
        ([0, 3.1], False),
        ([NAN, 0], False),
    ],
)
def test_numbers_are_held_to_their_ranges_in_every_row(row, held):
    assert NUMBERS.hold(np.array([[1.0, 1.0], row])) is held


@pytest.mark.parametrize(
    ("row", "held"),
    [
        (["Oslo", "x", "a", ""], True),
        (["", "x", "a", "anything"], True),
        (["Paris", "x", "a", ""], False),
        (["Rome", "", "a", ""], False),
        (["Rome", "x", "", ""], False),
        (["Rome", "x", "b", ""], False),
    ],
)
def test_categories_are_held_to_what_they_may_be_in_every_row(row, held):
    assert CATEGORIES.hold(["Oslo", "x", "a", "", *row], 4) is held


def test_columns_without_limits_take_what_fits_32_bits():
    plain = Ranges([Column(name="x", kind="number")])

    assert plain.hold(np.array([[NAN], [3.4028235e38], [-3.4028235e38]]))
    assert not plain.hold(np.array([[NAN], [3.41e38]]))
    assert not plain.hold(np.array([[-np.inf]]))


@pytest.mark.parametrize("sign", [1, -1])
def test_a_number_fits_that_rounds_to_the_largest_of_32_bits(sign):
    plain = Ranges([Column(name="x", kind="number")])
    half_a_step_beyond = float(np.finfo(np.float32).max) + 2.0**103
    last = np.nextafter(half_a_step_beyond, 0)

    assert plain.hold(sign * np.array([[last]]))
    assert not plain.hold(sign * np.array([[half_a_step_beyond]]))
    assert np.isfinite(np.float64(last).astype(np.float32))


def test_columns_without_rules_take_everything():
    assert Ranges([]).hold(np.empty((2, 0)))
    assert Choices([]).hold([], 0)
