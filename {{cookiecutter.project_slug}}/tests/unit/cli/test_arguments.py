import argparse

import pytest

from {{ cookiecutter.package_name }}.cli._arguments import positive


def test_a_number_above_0_is_taken():
    assert positive("12") == 12


@pytest.mark.parametrize("text", ["0", "-1", "1.5", "one", "", "²"])
def test_anything_else_is_refused_with_its_value(text):
    with pytest.raises(argparse.ArgumentTypeError, match="is not a number above 0"):
        positive(text)
