"""Requests counted for Prometheus: how many, how they ended, how long they took."""

from collections import Counter as Tally
from collections import defaultdict

from prometheus_client import CollectorRegistry, Counter, Gauge

from {{ cookiecutter.package_name }}_api.observing.histogram import BulkHistogram

# A small model answers within a millisecond, far below the client library's first bucket.
_BUCKETS = (
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0,
)  # fmt: skip

_MOST_PENDING = 4096

Ended = tuple[str, str, int]
"""A method, a route and a status."""


class RequestMetrics:
    """Takes each request in a moment and counts many at once, in `flush`.

    Counting one costs the client library as much as counting all of a kind.
    """

    def __init__(self, registry: CollectorRegistry) -> None:
        self.in_progress = self.awaited = 0
        self._requests = Counter(
            "http_requests_total",
            "Requests answered",
            ["method", "route", "status"],
            registry=registry,
        )
        self._seconds = BulkHistogram(
            "http_request_duration_seconds",
            "Time from a request's first byte to its answer's last",
            ["route"],
            buckets=_BUCKETS,
            registry=registry,
        )
        self._in_progress = Gauge(
            "http_requests_in_progress",
            "Requests that came and are not answered yet, probes left out",
            registry=registry,
            multiprocess_mode="livesum",
        )
        self._awaited = Gauge(
            "http_bodies_awaited",
            "Requests in progress whose bodies have not come yet",
            registry=registry,
            multiprocess_mode="livesum",
        )
        self._batches = Gauge(
            "large_batches_in_progress",
            "Requests that a thread answers, or that wait for one",
            registry=registry,
            multiprocess_mode="livesum",
        )
        self._waiting = Gauge(
            "request_wait_seconds",
            "How long a request waited last before anything was done for it",
            registry=registry,
            multiprocess_mode="livemax",
        )
        self._pending: list[tuple[Ended, float]] = []

    def count(self, ended: Ended, seconds: float) -> None:
        """Add one answered request."""
        self._pending.append((ended, seconds))
        if len(self._pending) >= _MOST_PENDING:
            self.flush()

    def show_waiting(self, seconds: float, batches: int) -> None:
        """Say how long requests wait, and how many large batches are being answered."""
        self._waiting.set(seconds)
        self._batches.set(batches)

    def flush(self) -> None:
        """Count what has come so far."""
        self._in_progress.set(self.in_progress)
        self._awaited.set(self.awaited)
        pending, self._pending = self._pending, []
        seconds = defaultdict(list)
        for (_, route, _), took in pending:
            seconds[route].append(took)
        for (method, route, status), count in Tally(ended for ended, _ in pending).items():
            self._requests.labels(method, route, str(status)).inc(count)
        for route, took_all in seconds.items():
            self._seconds.labels(route).observe_all(took_all)
