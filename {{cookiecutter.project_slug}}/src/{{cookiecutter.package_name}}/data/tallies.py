"""How often each text of a column occurs, in bounded memory and in whatever order rows come.

Up to `CAP` distinct texts are counted exactly. Beyond it, the first reading of the rows only
counts by buckets of hashes, and the second one counts the texts of the fullest buckets exactly:
every text that is more frequent than the fullest bucket left out is surely among them.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from {{ cookiecutter.package_name }}.data.distinct import CAP, DistinctCount
from {{ cookiecutter.package_name }}.data.splitting import Coded, Hashes

_BUCKET_BITS = 18

Counts = NDArray[np.int64]


def _buckets_of(hashes: Hashes) -> NDArray[np.int64]:
    return (hashes >> np.uint64(64 - _BUCKET_BITS)).astype(np.int64)


class Tally:
    """Counts the texts of a column in all rows and in the training rows."""

    def __init__(self, cap: int = CAP) -> None:
        self._cap = cap
        self._exact: dict[str, tuple[int, int]] = {}
        self._distinct: DistinctCount | None = None
        self._buckets: Counts = np.zeros(0, np.int64)
        self.present = 0
        """Rows that have a text."""

    @property
    def wide(self) -> bool:
        """Whether there are more distinct texts than are counted one by one."""
        return self._distinct is not None

    @property
    def distinct(self) -> int:
        """The number of distinct texts; an estimate where the column is wide."""
        return self._distinct.count if self._distinct else len(self._exact)

    @property
    def counts(self) -> dict[str, tuple[int, int]]:
        """For each text its count in all rows and in the training rows; empty where wide."""
        return self._exact

    def add(self, column: Coded, training: NDArray[np.bool_]) -> None:
        """Count the next rows; `training` is true for those of the training split."""
        every = column.counts()
        trained = column.counts(training)
        self.present += int(every.sum())
        if self._distinct is not None:
            self._add_wide(self._distinct, column.hashes[:-1], trained)
            return
        for text, count, train in zip(column.texts, every.tolist(), trained.tolist(), strict=True):
            before, before_train = self._exact.get(text, (0, 0))
            self._exact[text] = before + count, before_train + train
        if len(self._exact) > self._cap:
            self._widen()

    def _widen(self) -> None:
        self._distinct = DistinctCount(self._cap)
        self._buckets = np.zeros(1 << _BUCKET_BITS, np.int64)
        known = Coded(list(self._exact), np.zeros(0, np.int64))
        trained = np.array([train for _, train in self._exact.values()], np.int64)
        self._add_wide(self._distinct, known.hashes[:-1], trained)
        self._exact = {}

    def _add_wide(self, distinct: DistinctCount, hashes: Hashes, trained: Counts) -> None:
        distinct.add(hashes)
        np.add.at(self._buckets, _buckets_of(hashes), trained)

    def finalists(self, most: int) -> "Finalists":
        """What the second reading of a wide column counts, to find its `most` frequent texts."""
        # So many that they hold about `_cap` texts: one each, or as many as a bucket has.
        fair = self._cap * len(self._buckets) // max(self.distinct, len(self._buckets))
        fullest = np.argsort(-self._buckets, kind="stable")[: max(fair, most)]
        chosen = np.zeros(len(self._buckets), bool)
        chosen[fullest] = True
        return Finalists(chosen)


class Finalists:
    """Counts the texts of some buckets exactly, in the training rows."""

    def __init__(self, chosen: NDArray[np.bool_]) -> None:
        self._chosen = chosen
        self.counts: dict[str, int] = {}

    def add(self, column: Coded, training: NDArray[np.bool_]) -> None:
        """Count the next rows."""
        trained = column.counts(training)
        hits = np.flatnonzero(self._chosen[_buckets_of(column.hashes[:-1])] & (trained > 0))
        for place in hits.tolist():
            text = column.texts[place]
            self.counts[text] = self.counts.get(text, 0) + int(trained[place])


def most_frequent(counts: Mapping[str, int], most: int) -> tuple[str, ...]:
    """The most frequent texts that occur at all, sorted; of equally frequent ones the first."""
    there = [text for text, count in counts.items() if count]
    return tuple(sorted(sorted(there, key=lambda text: (-counts[text], text))[:most]))
