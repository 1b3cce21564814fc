"""The last 24 hours as the prediction log has them, as lines of charts."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import islice

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
_MOST_VERSIONS = 3
"""Whose answers are drawn, each in a chart of its own."""
_LATENCIES = {"median": "p50", "95th percentile": "p95", "99th percentile": "p99"}

Line = list[tuple[float, float | None]]
Lines = dict[str, Line]
"""(hours before now, value), by the name of the line."""


@dataclass(frozen=True)
class LoggedDay:
    """Lines by name.

    `rates` are requests and rows a minute, `delays` milliseconds, `versions` rows a minute by
    version, `answers` percent of a version's rows by class for each of the versions that answered
    last, the newest first, `right` percent of the rows whose true label was told. The last two are
    empty for numbers, and without labels.
    """

    rates: Lines
    delays: Lines
    versions: Lines
    answers: dict[str, Lines]
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
            *((f"Answers by class, {of}", "% of rows", one) for of, one in self.answers.items()),
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
            name: {
                label: line(_share(of, label))
                for label in _commonest(one.answers.get(of, {}) for one in buckets)
            }
            for name, of in _newest(buckets).items()
        },
        right={"right": line(_right)} if labelled else {},
    )


def _newest(buckets: list[Bucket]) -> dict[str, tuple[str, str]]:
    """Model and version of the last that answered with classes, by what people call them."""
    seen = dict.fromkeys(of for one in reversed(buckets) for of in reversed(one.answers))
    several = len({model for model, _ in seen}) > 1
    return {
        f"{model} version {version}" if several else f"version {version}": (model, version)
        for model, version in islice(seen, _MOST_VERSIONS)
    }


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


def _share(of: tuple[str, str], label: str) -> Value:
    def share(one: Bucket) -> float | None:
        counts = one.answers.get(of)
        return 100 * counts.get(label, 0) / sum(counts.values()) if counts else None

    return share
