import pytest

from {{ cookiecutter.package_name }}.inference.expected import (
    LARGEST,
    category_words,
    number_words,
    range_of,
)
from {{ cookiecutter.package_name }}.schemas.dataset import Column


@pytest.mark.parametrize(
    ("limits", "words"),
    [
        ({}, "anything"),
        ({"lowest": 0, "highest": 16}, "a number from 0 to 16"),
        ({"lowest": 0.5}, "a number of at least 0.5"),
        ({"highest": -2}, "a number of at most -2"),
    ],
)
def test_a_range_is_said_in_words(limits, words):
    assert number_words(Column(name="x", kind="number", **limits), "anything") == words


@pytest.mark.parametrize(
    ("allowed", "words"),
    [
        ((), "anything"),
        (("a",), "'a'"),
        (("a", "b"), "one of 'a', 'b'"),
        (
            tuple("abcdefghijklmn"),
            "one of 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l', …",
        ),
    ],
)
def test_a_list_of_values_is_said_in_words(allowed, words):
    assert category_words(Column(name="x", kind="category", allowed=allowed), "anything") == words


def test_no_range_is_wider_than_32_bit_floating_point():
    assert range_of(Column(name="x", kind="number", highest=1e300)) == (-LARGEST, LARGEST)
