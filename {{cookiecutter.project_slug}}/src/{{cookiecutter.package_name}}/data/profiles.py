"""What the rows of a source show of each column, gathered part by part in bounded memory."""

from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from {{ cookiecutter.package_name }}.data.arrays import numpy_of, range_of, texts_of
from {{ cookiecutter.package_name }}.data.layout import TypedColumn
from {{ cookiecutter.package_name }}.data.splitting import Coded, number_hashes
from {{ cookiecutter.package_name }}.data.tabular import as_numbers, is_text
from {{ cookiecutter.package_name }}.data.tallies import Tally

_COMMAS = r"^[+-]?\d[\d.,]*,\d+$"
_RANGE_ROWS = 1 << 16
_HASHES = 1 << 64


def _hash_sum(numbers: NDArray[np.float64]) -> int:
    """A sum modulo `_HASHES`: the same for the same numbers in any order."""
    return int(number_hashes(numbers).sum(dtype=np.uint64))


@dataclass
class NumberProfile:
    """A column of numbers: `low` and `high` are its range, `seen_…` that of the training rows."""

    rows: int = 0
    present: int = 0
    low: float | None = None
    high: float | None = None
    seen_low: float | None = None
    seen_high: float | None = None
    _may_count: bool = True
    _sum: int = 0

    def add(self, column: TypedColumn, training: NDArray[np.bool_]) -> None:
        """The next rows; what is there and no number counts as present."""
        values = column.values
        wrong = 0 if column.wrong is None else pc.sum(column.wrong).as_py()
        self.rows += len(values)
        self.present += len(values) - values.null_count + wrong
        low, high = range_of(values)
        self.low, self.high = _lower(self.low, low), _higher(self.high, high)
        # Soon no part reaches beyond what was seen: then its training rows need no look.
        if _lower(self.seen_low, low) != self.seen_low or (
            _higher(self.seen_high, high) != self.seen_high
        ):
            low, high = range_of(values.filter(pa.array(training)))
            self.seen_low = _lower(self.seen_low, low)
            self.seen_high = _higher(self.seen_high, high)
        self._may_count = self._may_count and self._counts_on(values)

    def _counts_on(self, values: pa.ChunkedArray) -> bool:
        if values.null_count or not _whole(values):
            return False
        self._sum += _hash_sum(numpy_of(values).astype(np.float64, copy=False))
        return True

    @property
    def counts_rows(self) -> bool:
        """Whether the column is 1, 2, 3, … in some order: a row number, not a measurement.

        Its values are not kept: the sum of their hashes is that of such numbers, or is not.
        """
        if not self._may_count or self.low is None or self.high is None:
            return False
        if self.high - self.low != self.rows - 1:
            return False
        total = 0
        for start in range(0, self.rows, _RANGE_ROWS):
            numbers = np.arange(start, min(start + _RANGE_ROWS, self.rows), dtype=np.float64)
            total += _hash_sum(numbers + self.low)
        return total % _HASHES == self._sum % _HASHES


def _whole(values: pa.ChunkedArray) -> bool:
    return bool(pc.all(pc.equal(pc.floor(values), values), min_count=0).as_py())


def _lower(one: float | None, other: float | None) -> float | None:
    if one is None or other is None:
        return other if one is None else one
    return min(one, other) + 0.0  # never -0.0: which of two zeros comes first would show


def _higher(one: float | None, other: float | None) -> float | None:
    if one is None or other is None:
        return other if one is None else one
    return max(one, other) + 0.0


@dataclass
class TextProfile:
    """A column of texts. Of those that a file stores as text: how many are numbers after all.

    `odd` of them are not, such as `first_odd`; and `commas` of these only for a comma.
    """

    rows: int = 0
    tally: Tally = field(default_factory=Tally)
    numbers: int = 0
    odd: int = 0
    commas: int = 0
    first_odd: str = ""

    @property
    def present(self) -> int:
        """Rows that have a text."""
        return self.tally.present

    def add(self, column: TypedColumn, texts: Coded, training: NDArray[np.bool_]) -> None:
        """The next rows; `texts` are the column's values."""
        self.rows += len(texts.rows)
        self.tally.add(texts, training)
        if is_text(column.raw.type) and texts.texts:
            self._look_for_numbers(texts)

    def _look_for_numbers(self, texts: Coded) -> None:
        distinct = pa.chunked_array([texts_of(texts.texts)])
        counts = texts.counts()
        odd = numpy_of(as_numbers(distinct)[1].cast(pa.uint8())).astype(bool)
        self.numbers += int(counts[~odd].sum())
        if not odd.any():
            return
        if not self.odd:
            self.first_odd = texts.texts[int(odd.argmax())]
        self.odd += int(counts[odd].sum())
        commas = pc.match_substring_regex(distinct, _COMMAS).cast(pa.uint8())
        self.commas += int(counts[odd & numpy_of(commas).astype(bool)].sum())


Profile = NumberProfile | TextProfile
