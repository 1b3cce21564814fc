"""Rows as arrays: the form that training, batch scoring and the service share.

NumPy only: the service imports this, and pyarrow would add a third to its memory.
"""

from dataclasses import dataclass
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
    floats lose their ".0".
    """
    if value is None or (isinstance(value, float) and np.isnan(value)):
        return ""
    if isinstance(value, bool | np.bool_) or value in BOOLEANS:
        return str(value).lower()
    if isinstance(value, float | np.floating) and float(value).is_integer():
        return str(int(value))
    return str(value)
