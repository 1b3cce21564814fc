"""Rows held against what the training split of their model held."""

from collections import Counter as Tally
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray
from prometheus_client import Counter

from {{ cookiecutter.package_name }}.schemas.dataset import Column
from {{ cookiecutter.package_name }}_api.models.loading import Served


class Watched:
    """One model's classes, ranges and categories, each beside its counter.

    Numbers are compared as float32, as the model takes them: what training saw is inside although
    it was rounded. A missing value is neither outside nor unseen.
    """

    def __init__(
        self,
        served: Served,
        classes: Sequence[Counter],
        numbers: Sequence[Counter],
        categories: Sequence[Counter],
    ) -> None:
        self.served = served
        schema = served.predictor.info.data_schema
        self._classes = dict(zip(schema.target.classes, classes, strict=True))
        self._numbers = numbers
        self._lows = _bounds([column.minimum for column in schema.numbers], -np.inf)
        self._highs = _bounds([column.maximum for column in schema.numbers], np.inf)
        self._categories = [
            (place, _known(column), counter)
            for place, (column, counter) in enumerate(
                zip(schema.categories, categories, strict=True)
            )
            if column.categories
        ]

    def count_classes(self, labels: Iterable[str]) -> None:
        """Add one for each row that got this label."""
        for label, count in Tally(labels).items():
            self._classes[label].inc(count)

    def count_numbers(self, rows: NDArray[np.float32]) -> None:
        """Add the numbers of shape (N, numbers) that lie outside their column's range."""
        outside = (rows < self._lows) | (rows > self._highs)
        if not np.count_nonzero(outside):
            return
        counts = np.count_nonzero(outside, axis=0)
        for place in counts.nonzero()[0]:
            self._numbers[place].inc(int(counts[place]))

    def count_categories(self, rows: NDArray[np.object_]) -> None:
        """Add the values of shape (N, categories) that their column never had."""
        for place, known, counter in self._categories:
            values = rows[:, place].tolist()
            if not known.issuperset(values):
                counter.inc(sum(value not in known for value in values))


def _bounds(values: Sequence[float | None], missing: float) -> NDArray[np.float32]:
    with np.errstate(over="ignore"):
        return np.array([missing if value is None else value for value in values], np.float32)


def _known(column: Column) -> frozenset[str]:
    return frozenset({*column.categories, ""})
