from prometheus_client import CollectorRegistry

from {{ cookiecutter.package_name }}_api.observing import request_metrics
from {{ cookiecutter.package_name }}_api.observing.request_metrics import RequestMetrics


def test_requests_are_counted_by_what_became_of_them():
    registry = CollectorRegistry()
    metrics = RequestMetrics(registry)
    for status, seconds in [(200, 0.0004), (200, 0.0005), (422, 0.3)]:
        metrics.count(("POST", "/v1/predict", status), seconds)
    metrics.count(("GET", "/health", 200), 0.001)
    metrics.in_progress = 3
    metrics.show_waiting(0.25, 4)

    metrics.flush()
    metrics.flush()

    def value(name, **labels):
        return registry.get_sample_value(name, labels)

    predict = {"method": "POST", "route": "/v1/predict"}
    assert value("http_requests_total", **predict, status="200") == 2
    assert value("http_requests_total", **predict, status="422") == 1
    seconds = "http_request_duration_seconds"
    assert value(f"{seconds}_bucket", route="/v1/predict", le="0.0005") == 2
    assert value(f"{seconds}_count", route="/v1/predict") == 3
    assert value(f"{seconds}_count", route="/health") == 1
    assert value("http_requests_in_progress") == 3
    assert (value("request_wait_seconds"), value("large_batches_in_progress")) == (0.25, 4)


def test_what_is_kept_to_be_counted_is_bounded(monkeypatch):
    monkeypatch.setattr(request_metrics, "_MOST_PENDING", 10)
    registry = CollectorRegistry()
    metrics = RequestMetrics(registry)

    for _ in range(25):
        metrics.count(("GET", "/health", 200), 0.001)

    assert len(metrics._pending) == 5
    labels = {"method": "GET", "route": "/health", "status": "200"}
    assert registry.get_sample_value("http_requests_total", labels) == 20
