"""What a column takes, in words: the same where a file is refused and where a request is."""

import numpy as np

from {{ cookiecutter.package_name }}.data.features import category_text
from {{ cookiecutter.package_name }}.schemas.dataset import Column

LARGEST = float(np.finfo(np.float32).max)
"""Models compute in float32, where anything larger is infinite."""
TOO_LARGE = "a number that fits 32-bit floating point (up to 3.4e38)"
_MOST_VALUES = 12


def range_of(column: Column) -> tuple[float, float]:
    """The least and the largest number that the column takes, both included."""
    low = -LARGEST if column.lowest is None else max(column.lowest, -LARGEST)
    high = LARGEST if column.highest is None else min(column.highest, LARGEST)
    return low, high


def number_words(column: Column, otherwise: str = "a number") -> str:
    """The numbers that a number column takes; `otherwise` where any is taken."""
    low, high = column.lowest, column.highest
    if low is not None and high is not None:
        return f"a number from {category_text(low)} to {category_text(high)}"
    if low is not None:
        return f"a number of at least {category_text(low)}"
    return otherwise if high is None else f"a number of at most {category_text(high)}"


def category_words(column: Column, otherwise: str) -> str:
    """The values that a category column takes; `otherwise` where any is taken."""
    if not column.allowed:
        return otherwise
    more = ["…"] if len(column.allowed) > _MOST_VALUES else []
    shown = ", ".join([*(f"'{value}'" for value in column.allowed[:_MOST_VALUES]), *more])
    return f"one of {shown}" if len(column.allowed) > 1 else shown
