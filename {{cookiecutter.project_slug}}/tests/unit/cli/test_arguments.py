import argparse

import pytest

from {{ cookiecutter.package_name }}.cli._arguments import (
    one_line,
    positive,
    reason,
)


def test_a_number_above_0_is_taken():
    assert positive("12") == 12


@pytest.mark.parametrize("text", ["0", "-1", "1.5", "one", "", "²"])
def test_anything_else_is_refused_with_its_value(text):
    with pytest.raises(argparse.ArgumentTypeError, match="is not a number above 0"):
        positive(text)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("too slow", "too slow"),
        ("fine\n  2030-01-01  promote", "fine 2030-01-01 promote"),
        ("\x1b[31mred\x1b[0m\r\t", "[31mred [0m"),
        ("a\u202eb\u2028c", "a b c"),
        ("grün, 良い", "grün, 良い"),
        (" \n", ""),
    ],
)
def test_what_would_forge_a_line_or_a_colour_is_a_space(text, kept):
    assert one_line(text) == kept
    assert reason(text) == kept


def test_a_reason_that_is_too_long_is_refused_with_both_numbers():
    assert reason("x" * 1000 + "\n") == "x" * 1000
    with pytest.raises(argparse.ArgumentTypeError, match=r"at most 1,000 .* has 1,001$"):
        reason("x" * 1001)
