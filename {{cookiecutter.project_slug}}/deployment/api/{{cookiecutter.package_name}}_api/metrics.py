"""What the service counts, for Prometheus."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

from {{ cookiecutter.package_name }}_api.loading import Served

# A small model answers within a millisecond, far below the client library's first bucket.
_BUCKETS = (
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0,
)  # fmt: skip


class Metrics:
    """One service's counters, in a registry of their own. No label takes a client's words."""

    content_type = CONTENT_TYPE_LATEST

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
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
        )

    def count_request(self, method: str, route: str, status: int, seconds: float) -> None:
        """Add one answered request."""
        self._requests.labels(method, route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def count_rows(self, rows: int) -> None:
        """Add the rows of one answered prediction."""
        self._rows.inc(rows)

    def show_model(self, served: Served) -> None:
        """Name the version that answers from now on."""
        self._model.clear()
        digest = served.predictor.info.data_digest
        version = served.version
        self._model.labels(version.name, version.version, version.alias or "", digest).set(1)

    def page(self) -> bytes:
        """Everything counted, in the text format that Prometheus reads."""
        return generate_latest(self._registry)
