from decimal import Decimal

import numpy as np
import pytest

from {{ cookiecutter.package_name }}.data.features import category_text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (float("nan"), ""),
        (True, "true"),
        ("True", "true"),
        ("FALSE", "false"),
        (3.0, "3"),
        (3.5, "3.5"),
        (float("inf"), "inf"),
        (np.float32(0.1), "0.1"),
        (np.float32("nan"), ""),
        (Decimal("1.00"), "1"),
        (Decimal("1.50"), "1.5"),
        (Decimal("0.00001"), "1e-05"),
        (Decimal("0.12345678901234567890"), "0.1234567890123456789"),
        (7, "7"),
        ("Öslo", "Öslo"),
    ],
)
def test_a_category_has_one_spelling(value, text):
    assert category_text(value) == text
