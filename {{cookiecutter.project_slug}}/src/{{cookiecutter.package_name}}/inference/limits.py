"""What columns take, made ready to be checked for whole batches of a request at once.

NumPy only, and done in microseconds: this is on the way of every request.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from {{ cookiecutter.package_name }}.schemas.dataset import Column

_FITS = float(np.nextafter(float(np.finfo(np.float32).max) + 2.0**103, 0))
"""The largest number that 32 bits round to a finite one: half a step beyond their largest."""


class Ranges:
    """The ranges of the number columns, in their order, and which of them need a number."""

    def __init__(self, columns: Sequence[Column]) -> None:
        lowest = [-_FITS if c.lowest is None else max(c.lowest, -_FITS) for c in columns]
        highest = [_FITS if c.highest is None else min(c.highest, _FITS) for c in columns]
        self._lowest, self._highest = np.array(lowest), np.array(highest)
        self._required = np.array([column.required for column in columns], dtype=bool)
        self._some_required = bool(self._required.any())
        self._any_number = all(c.lowest is None and c.highest is None for c in columns)

    def hold(self, numbers: NDArray[np.float64]) -> bool:
        """Whether numbers of shape (N, columns), NaN where missing, are all taken.

        What does not fit 32 bits is not: infinity, or 1e39.
        """
        if self.hold_all(numbers):
            return True
        if ((numbers < self._lowest) | (numbers > self._highest)).any():
            return False
        return not (self._some_required and np.isnan(numbers)[:, self._required].any())

    def hold_all(self, numbers: NDArray[np.float64]) -> bool:
        """Whether every number is there and is taken: `hold` where nothing is missing, sooner."""
        # One sum says it of all, but where they are so large that each has to be looked at.
        if self._any_number and np.vdot(numbers, numbers) <= _FITS:
            return True
        inside: NDArray[np.bool_] = (numbers >= self._lowest) & (numbers <= self._highest)
        return bool(inside.all())


class Choices:
    """What the category columns may be, in their order."""

    def __init__(self, columns: Sequence[Column]) -> None:
        self._taken = [
            (place, frozenset(column.allowed) | (frozenset() if column.required else {""}))
            for place, column in enumerate(columns)
            if column.allowed
        ]
        self._required = [
            place for place, column in enumerate(columns) if column.required and not column.allowed
        ]

    def hold(self, texts: Sequence[str], width: int) -> bool:
        """Whether texts, row after row of `width`, "" where missing, are all taken."""
        taken = all(known.issuperset(texts[place::width]) for place, known in self._taken)
        return taken and not any("" in texts[place::width] for place in self._required)
