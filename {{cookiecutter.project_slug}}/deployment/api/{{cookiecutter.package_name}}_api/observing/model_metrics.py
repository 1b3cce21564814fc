"""What is asked of the model and what it says, counted for Prometheus."""

from collections.abc import Sequence
from itertools import chain, groupby

import numpy as np
from prometheus_client import CollectorRegistry, Counter

from {{ cookiecutter.package_name }}_api.answered import Answered
from {{ cookiecutter.package_name }}_api.models.loading import Served
from {{ cookiecutter.package_name }}_api.observing.histogram import BulkHistogram
from {{ cookiecutter.package_name }}_api.observing.watched import Watched

OTHER = "other"
"""The label of all classes, or columns, beyond `MOST_LABELS`."""

MOST_LABELS = 50
"""Classes, or columns of a kind, that have a series of their own."""

_MOST_ROWS = 256
"""Rows that are kept until they are counted all at once, while others wait."""

_ROWS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000)
_STEPS = [float(f"{digit}e{power}") for power in range(-2, 6) for digit in (1, 2, 5)]
_VALUES = [*(-step for step in reversed(_STEPS)), 0.0, *_STEPS]
"""What a regression may say is known to nobody before it does: from -500,000 to 500,000."""


class _Family:
    """A counter with one label, of which only `MOST_LABELS` values are ever told apart."""

    def __init__(self, name: str, help_text: str, label: str, registry: CollectorRegistry) -> None:
        self._counter = Counter(name, help_text, [label], registry=registry)
        self._known: set[str] = set()

    def children(self, values: Sequence[str], *, alone: bool) -> list[Counter]:
        """A counter for each value, from zero on; `alone` forgets the values of former models."""
        if alone and self._known - set(values):
            self._counter.clear()
            self._known.clear()
        return [self._counter.labels(self._label(value)) for value in values]

    def _label(self, value: str) -> str:
        if value not in self._known:
            if len(self._known) >= MOST_LABELS:
                return OTHER
            self._known.add(value)
        return value


class ModelMetrics:
    """Hears of answered requests; counts many at once in `flush`: one would cost as much."""

    def __init__(self, registry: CollectorRegistry, *, shared: bool) -> None:
        """`shared`: several processes count together, in files that never forget a label."""
        self._registry, self._alone = registry, not shared
        self._classes = _Family("predictions", "Rows answered with a class", "class", registry)
        self._outside = _Family(
            "input_out_of_range",
            "Numbers below or above all that training saw",
            "column",
            registry,
        )
        self._unseen = _Family(
            "input_unseen_category", "Categories that training never saw", "column", registry
        )
        self._predicted = Counter("predicted_rows_total", "Rows answered", registry=registry)
        self._rows = BulkHistogram(
            "request_rows", "Rows of an answered request", buckets=_ROWS, registry=registry
        )
        self._values: BulkHistogram | None = None
        self._watched: Watched | None = None
        self._pending: list[Answered] = []
        self._pending_rows = 0

    def __call__(self, answered: Answered) -> None:
        """Take answered requests."""
        self._pending.append(answered)
        self._pending_rows += len(answered.features)
        if self._pending_rows >= _MOST_ROWS:
            self.flush()

    def show(self, served: Served) -> None:
        """Begin to count what this model is asked, from zero where it has counters of its own."""
        self.flush()
        schema = served.predictor.info.data_schema
        if schema.target.task == "regression" and self._values is None:
            self._values = BulkHistogram(
                "predicted_value",
                "What a regression answered for a row",
                buckets=_VALUES,
                registry=self._registry,
            )
        self._watched = Watched(
            served,
            self._classes.children(schema.target.classes, alone=self._alone),
            self._outside.children([c.name for c in schema.numbers], alone=self._alone),
            self._unseen.children([c.name for c in schema.categories], alone=self._alone),
        )

    def flush(self) -> None:
        """Count what has come so far."""
        pending, self._pending = self._pending, []
        rows, self._pending_rows = self._pending_rows, 0
        if not pending:
            return
        self._predicted.inc(rows)
        self._rows.observe_all([told.rows for one in pending for told in one.requests])
        for _, group in groupby(pending, key=lambda one: id(one.served.predictor)):
            self._count(list(group))

    def _count(self, answers: list[Answered]) -> None:
        served = answers[0].served
        watched = self._watched
        if watched is None or watched.served.predictor is not served.predictor:
            return  # a model that went while it answered its last requests
        values = [one.predictions.values for one in answers]
        if served.predictor.info.data_schema.target.classes:
            watched.count_classes(chain.from_iterable(value.tolist() for value in values))
        elif self._values is not None:
            self._values.observe_all(np.concatenate(values))
        watched.count_numbers(np.concatenate([one.features.numeric for one in answers]))
        if served.predictor.info.data_schema.categories:
            watched.count_categories(np.concatenate([one.features.categorical for one in answers]))
