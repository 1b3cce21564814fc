"""What the service counts, for Prometheus."""

import os
from pathlib import Path
from typing import Literal

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

from {{ cookiecutter.package_name }}_api.loading import Served
from {{ cookiecutter.package_name }}_api.shared_metrics import FOLDER, shared_page

# A small model answers within a millisecond, far below the client library's first bucket.
_BUCKETS = (
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0,
)  # fmt: skip


class Metrics:
    """One service's counters, in a registry of their own. No label takes a client's words."""

    content_type = CONTENT_TYPE_LATEST

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._shared = os.environ.get(FOLDER)
        if self._shared is None:
            ProcessCollector(registry=self._registry)
        self._requests = Counter(
            "http_requests_total",
            "Requests answered",
            ["method", "route", "status"],
            registry=self._registry,
        )
        self._seconds = Histogram(
            "http_request_duration_seconds",
            "Time from a request's first byte to its answer's last",
            ["route"],
            buckets=_BUCKETS,
            registry=self._registry,
        )
        self._rows = Counter("predicted_rows_total", "Rows answered", registry=self._registry)
        self._model = Gauge(
            "served_model_info",
            "1 for the model version that answers",
            ["name", "version", "alias", "data_digest"],
            registry=self._registry,
            multiprocess_mode="livesum",
        )
        self._shown: Gauge | None = None

        self._updates = Counter(
            "model_updates_total",
            "Changes of the model that answers: swapped, or failed",
            ["result"],
            registry=self._registry,
        )
        self._trouble = Gauge(
            "model_update_trouble",
            "1 while the registry, or the version that it names, cannot be used",
            registry=self._registry,
            multiprocess_mode="livemax",
        )
        self._in_progress = Gauge(
            "http_requests_in_progress",
            "Requests that came and are not answered yet, probes left out",
            registry=self._registry,
            multiprocess_mode="livesum",
        )
        for result in ("swapped", "failed"):
            self._updates.labels(result)

    def count_request(self, method: str, route: str, status: int, seconds: float) -> None:
        """Add one answered request."""
        self._requests.labels(method, route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def show_in_progress(self, requests: int) -> None:
        """Say how many requests are being answered."""
        self._in_progress.set(requests)

    def count_rows(self, rows: int) -> None:
        """Add the rows of one answered prediction."""
        self._rows.inc(rows)

    def show_model(self, served: Served) -> None:
        """Name the version that answers from now on."""
        if self._shown is not None:
            self._shown.set(0)
        if self._shared is None:  # a shared file keeps every label that it ever had
            self._model.clear()
        digest = served.predictor.info.data_digest
        version = served.version
        labels = version.name, version.version, version.alias or "", digest
        self._shown = self._model.labels(*labels)
        self._shown.set(1)

    def count_update(self, result: Literal["swapped", "failed"]) -> None:
        """Add one change of the model that answers, or one that did not come about."""
        self._updates.labels(result).inc()

    def show_trouble(self, there: bool) -> None:  # noqa: FBT001
        """Say whether the service may be on another version than the registry names."""
        self._trouble.set(there)

    def page(self) -> bytes:
        """Everything counted, in the text format that Prometheus reads."""
        if self._shared is None:
            return generate_latest(self._registry)
        return shared_page(Path(self._shared))
