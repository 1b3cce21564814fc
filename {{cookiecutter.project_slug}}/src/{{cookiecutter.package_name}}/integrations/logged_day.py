"""The last 24 hours as the prediction log has them, as lines of charts."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from {{ cookiecutter.package_name }}.integrations.prediction_log.reading import summary
from {{ cookiecutter.package_name }}.integrations.prediction_log.urls import (
    VARIABLE,
    log_url,
)
from {{ cookiecutter.package_name }}.schemas.errors import DataNotFound
from {{ cookiecutter.package_name }}.schemas.logged_rows import Bucket

HOURS = 24.0
_SECONDS = 900.0
"""Of one point of a line."""
_MOST_LINES = 10
_LATENCIES = {"median": "p50", "95th percentile": "p95", "99th percentile": "p99"}

Line = list[tuple[float, float | None]]
Lines = dict[str, Line]
"""(hours before now, value), by the name of the line."""


@dataclass(frozen=True)
class LoggedDay:
    """Lines by name.

    `rates` are requests and rows a minute, `delays` milliseconds, `versions` rows a minute by
    version, `answers` percent of the rows by class, `right` percent of the rows whose true label
    was told. The last two are empty for numbers, and without labels.
    """

    rates: Lines
    delays: Lines
    versions: Lines
    answers: Lines
    right: Lines

    @property
    def health(self) -> list[tuple[str, str, Lines]]:
        """Title, unit and lines of what tells how the service is."""
        return [
            ("Predictions asked for", "a minute", self.rates),
            ("Time to answer", "milliseconds", self.delays),
            ("Rows by version", "a minute", self.versions),
        ]

    @property
    def drift(self) -> list[tuple[str, str, Lines]]:
        """Title, unit and lines of what tells whether the answers change; without empty ones."""
        charts = [
            ("Answers by class", "% of rows", self.answers),
            ("Rows answered right, of those whose label was told", "% of rows", self.right),
        ]
        return [chart for chart in charts if chart[2]]


def read_day(now: float, configured_url: str | None = None) -> LoggedDay:
    """What was answered in the 24 hours before `now` (seconds since 1970).

    Raises DataNotFound where that is nothing, or nothing is kept; StoreUnavailable where the log
    does not answer; ConfigError where its address cannot be used.
    """
    url = log_url(configured_url)
    if url == "none":
        raise DataNotFound(f"No prediction log is kept: {VARIABLE} is 'none'.")
    buckets = summary(url, now - HOURS * 3600, _SECONDS)
    if not buckets:
        raise DataNotFound(
            "The prediction log has nothing of the last 24 hours: ask a service something, or "
            f"name the log that it writes with {VARIABLE}."
        )
    return _lines(buckets, now)


Value = Callable[[Bucket], float | None]


def _lines(buckets: list[Bucket], now: float) -> LoggedDay:
    def line(value: Value) -> Line:
        return [(round((one.start - now) / 3600, 2), value(one)) for one in buckets]

    labelled = any(one.labelled for one in buckets)
    return LoggedDay(
        rates={"requests": line(lambda one: _a_minute(one.requests)), "rows": line(_rows)},
        delays={name: line(_latency(key)) for name, key in _LATENCIES.items()},
        versions={
            f"version {name}": line(_of_version(name))
            for name in _commonest(one.by_version for one in buckets)
        },
        answers={
            name: line(_share(name)) for name in _commonest(one.by_prediction for one in buckets)
        },
        right={"right": line(_right)} if labelled else {},
    )


def _commonest(counts: Iterable[dict[str, int]]) -> list[str]:
    total: Counter[str] = Counter()
    for one in counts:
        total.update(one)
    return sorted(name for name, _ in total.most_common(_MOST_LINES))


def _a_minute(count: float) -> float:
    return count * 60 / _SECONDS


def _rows(one: Bucket) -> float:
    return _a_minute(one.rows)


def _right(one: Bucket) -> float | None:
    return 100 * one.right / one.labelled if one.labelled else None


def _latency(key: str) -> Value:
    return lambda one: one.latency_ms.get(key)


def _of_version(name: str) -> Value:
    return lambda one: _a_minute(one.by_version.get(name, 0))


def _share(name: str) -> Value:
    return lambda one: 100 * one.by_prediction.get(name, 0) / one.rows if one.rows else None
