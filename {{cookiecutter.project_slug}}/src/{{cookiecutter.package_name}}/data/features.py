"""Rows as arrays: the form that training, batch scoring and the service share.

NumPy only: the service imports this, and pyarrow would add a third to its memory.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Self

import numpy as np
from numpy.typing import NDArray

BOOLEANS = ("True", "TRUE", "False", "FALSE")
"""How CSV files spell booleans, besides true and false."""


@dataclass(frozen=True)
class Features:
    """N rows, split by kind of column, each in the order of the schema.

    `numeric` is float32 of shape (N, numbers), NaN where a value is missing; `categorical` is
    object (str) of shape (N, categories), "" where missing. An array with no columns has
    shape (N, 0).
    """

    numeric: NDArray[np.float32]
    categorical: NDArray[np.object_]

    def __len__(self) -> int:
        return len(self.numeric)

    def __getitem__(self, rows: slice | NDArray[np.int64]) -> Self:
        return type(self)(self.numeric[rows], self.categorical[rows])


def category_text(value: object) -> str:
    """A category as the one spelling that data, requests and the graph agree on.

    None becomes "", booleans "true"/"false" (also where a CSV spells them True or TRUE), whole
    floats lose their ".0". A float32 and a decimal are spelled as JSON would: 0.1, 1.5.
    """
    if isinstance(value, np.float16 | np.float32):
        value = float(str(value))  # numpy's shortest spelling; its own value has more digits
    elif isinstance(value, Decimal):
        return _decimal_text(value)
    if value is None or (isinstance(value, float) and np.isnan(value)):
        return ""
    if isinstance(value, bool | np.bool_) or value in BOOLEANS:
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _decimal_text(value: Decimal) -> str:
    if value == value.to_integral_value():
        return str(int(value))
    near = str(float(value))
    return near if Decimal(near) == value else f"{value:f}".rstrip("0")
