"""What the service counts, read from its `/metrics`, and what became of it between two looks."""

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import inf, isinf

from prometheus_client.parser import text_string_to_metric_families

from {{ cookiecutter.package_name }}.schemas.errors import ServiceError

WINDOW_SECONDS = 120.0
"""How far back a `History` looks."""

Line = list[tuple[float, float | None]]
"""Points of a line in a chart; None leaves a gap."""

_ROUTES = frozenset({"/predict", "/v1/predict"})


@dataclass(frozen=True)
class Counters:
    """The counts of predictions at one moment.

    `at` is in seconds of any clock that only grows. `refused` are answers 4xx, `failed` 5xx; both
    are among `requests`. `buckets` are (upper bound in seconds, requests up to it), rising.
    """

    at: float
    version: str
    requests: float
    refused: float
    failed: float
    rows: float
    buckets: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Period:
    """What happened between two moments; latencies in milliseconds, None without requests."""

    seconds: float
    requests: float
    refused: float
    failed: float
    rows: float
    median_ms: float | None
    p95_ms: float | None
    p99_ms: float | None
    version: str = ""


def read_counters(page: str, at: float) -> Counters:
    """The counters on a page of `/metrics`; ServiceError where it is no such page."""
    requests: dict[str, float] = {"": 0.0, "4": 0.0, "5": 0.0}
    buckets: dict[float, float] = {}
    rows, version = 0.0, ""
    try:
        families = list(text_string_to_metric_families(page))
    except ValueError as error:
        raise ServiceError("The service's /metrics cannot be read: correct API_URL.") from error
    for sample in (sample for family in families for sample in family.samples):
        asked = _predicts(sample.labels.get("route", ""))
        if sample.name == "http_requests_total" and asked:
            for kind in requests:
                requests[kind] += sample.value * sample.labels["status"].startswith(kind)
        elif sample.name == "http_request_duration_seconds_bucket" and asked:
            bound = float(sample.labels["le"])
            buckets[bound] = buckets.get(bound, 0.0) + sample.value
        elif sample.name == "predicted_rows_total":
            rows = sample.value
        elif sample.name == "served_model_info" and sample.value:
            version = sample.labels["version"]
    return Counters(
        at,
        version,
        requests[""],
        requests["4"],
        requests["5"],
        rows,
        tuple(sorted(buckets.items())),
    )


def between(former: Counters, later: Counters) -> Period:
    """What the second look counted more than the first; a service started again counts anew."""
    restarted = later.requests < former.requests or later.rows < former.rows
    before = dict(former.buckets) if not restarted else {}
    buckets = [(bound, count - before.get(bound, 0.0)) for bound, count in later.buckets]
    base = former if not restarted else Counters(former.at, "", 0, 0, 0, 0, ())
    return Period(
        seconds=later.at - former.at,
        requests=later.requests - base.requests,
        refused=later.refused - base.refused,
        failed=later.failed - base.failed,
        rows=later.rows - base.rows,
        median_ms=_quantile(buckets, 0.5),
        p95_ms=_quantile(buckets, 0.95),
        p99_ms=_quantile(buckets, 0.99),
        version=later.version,
    )


def _quantile(buckets: Sequence[tuple[float, float]], share: float) -> float | None:
    """Milliseconds below which this share of requests lies, evenly spread within a bucket."""
    total = buckets[-1][1] if buckets else 0.0
    if not total:
        return None
    wanted, low, below = share * total, 0.0, 0.0
    for bound, count in buckets:
        if count >= wanted and count > below:
            high = low if isinf(bound) else bound
            return 1000 * (low + (high - low) * (wanted - below) / (count - below))
        low, below = (0.0 if bound == inf else bound), count
    return None


def _predicts(route: str) -> bool:
    return route in _ROUTES or route.endswith("/infer")


def _percent(part: float, whole: float) -> float | None:
    return 100 * part / whole if whole else None


def highest(series: Mapping[str, Line]) -> float:
    """The greatest value of several lines, 0 where they have none."""
    return max((value or 0.0 for line in series.values() for _, value in line), default=0.0)


class History:
    """What happened in the last `WINDOW_SECONDS`, a period for each look."""

    def __init__(self) -> None:
        self._periods: deque[tuple[float, Period]] = deque()
        self._last: Counters | None = None

    def add(self, counters: Counters) -> None:
        """Add the period that ended with this look; the first look begins one."""
        last = self._last
        if last is not None and counters.at <= last.at:
            return
        self._last = counters
        if last is not None:
            self._periods.append((counters.at, between(last, counters)))
        while self._periods and self._periods[0][0] < counters.at - WINDOW_SECONDS:
            self._periods.popleft()

    def rates(self) -> dict[str, Line]:
        """Requests and rows a second, by seconds before now."""
        return {
            "requests": self._line(lambda period: period.requests / period.seconds),
            "rows": self._line(lambda period: period.rows / period.seconds),
        }

    def errors(self) -> dict[str, Line]:
        """Percent of the requests that were refused (4xx) or failed (5xx); gaps without any."""
        return {
            "refused": self._line(lambda period: _percent(period.refused, period.requests)),
            "failed": self._line(lambda period: _percent(period.failed, period.requests)),
        }

    def versions(self) -> list[tuple[float, str]]:
        """The version that answered, by seconds before now."""
        now = self._last.at if self._last else 0.0
        return [(round(at - now, 1), period.version) for at, period in self._periods]

    def delays(self) -> dict[str, Line]:
        """Milliseconds within which half, 95 % and 99 % were answered, by seconds before now."""
        return {
            "median": self._line(lambda period: period.median_ms),
            "95th percentile": self._line(lambda period: period.p95_ms),
            "99th percentile": self._line(lambda period: period.p99_ms),
        }

    def _line(self, value: Callable[[Period], float | None]) -> Line:
        now = self._last.at if self._last else 0.0
        return [(round(at - now, 1), value(period)) for at, period in self._periods]
