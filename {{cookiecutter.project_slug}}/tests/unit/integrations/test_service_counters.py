import pytest
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.exposition import generate_latest

from {{ cookiecutter.package_name }}.integrations.service_counters import (
    WINDOW_SECONDS,
    Counters,
    History,
    between,
    highest,
    read_counters,
)
from {{ cookiecutter.package_name }}.schemas.errors import ServiceError


def page(statuses: dict[str, int], seconds: list[float], rows: int = 0, inferred: int = 0) -> str:
    """What a service that counted this shows."""
    registry = CollectorRegistry()
    requests = Counter("http_requests_total", "", ["method", "route", "status"], registry=registry)
    duration = Histogram(
        "http_request_duration_seconds", "", ["route"], buckets=(0.01, 0.02, 0.1), registry=registry
    )
    for status, count in statuses.items():
        requests.labels("POST", "/v1/predict", status).inc(count)
    requests.labels("GET", "/health/live", "200").inc(1000)
    requests.labels("POST", "/v2/models/{name}/infer", "200").inc(inferred)
    for value in seconds:
        duration.labels("/v1/predict").observe(value)
    duration.labels("/health/live").observe(5)
    Counter("predicted_rows_total", "", registry=registry).inc(rows)
    model = Gauge("served_model_info", "", ["name", "version", "alias"], registry=registry)
    model.labels("m", "7", "prod").set(1)
    return generate_latest(registry).decode()


def test_predictions_are_counted_by_how_they_ended_and_probes_are_not() -> None:
    counters = read_counters(page({"200": 10, "422": 2, "413": 1, "503": 4}, [], rows=50), at=3.0)

    assert (counters.requests, counters.refused, counters.failed) == (17, 3, 4)
    assert (counters.rows, counters.version, counters.at) == (50, "7", 3.0)


def test_predictions_of_the_other_protocol_are_counted_as_well() -> None:
    assert read_counters(page({"200": 10}, [], inferred=3), at=0.0).requests == 13


def test_a_period_counts_what_the_second_look_has_more() -> None:
    former = read_counters(page({"200": 10}, [0.005] * 10, rows=10), at=0.0)
    later = read_counters(page({"200": 20, "503": 5}, [0.005] * 10 + [0.015] * 15, rows=40), at=2.0)

    period = between(former, later)

    assert (period.requests, period.failed, period.rows, period.seconds) == (15, 5, 30, 2.0)
    assert period.median_ms == pytest.approx(15)
    assert period.p95_ms == pytest.approx(19.5)
    assert period.p99_ms == pytest.approx(19.9)


def test_a_service_that_was_started_again_counts_anew() -> None:
    former = read_counters(page({"200": 100}, [0.005] * 100, rows=100), at=0.0)
    later = read_counters(page({"200": 4}, [0.015] * 4, rows=4), at=1.0)

    period = between(former, later)

    assert (period.requests, period.rows) == (4, 4)
    assert period.median_ms == pytest.approx(15)


def test_latencies_beyond_the_last_bucket_count_as_its_bound() -> None:
    former = read_counters(page({}, []), at=0.0)
    later = read_counters(page({"200": 2}, [3.0, 3.0]), at=1.0)

    assert between(former, later).median_ms == pytest.approx(100)


def test_without_requests_there_is_no_latency() -> None:
    same = page({"200": 1}, [0.005])

    period = between(read_counters(same, at=0.0), read_counters(same, at=1.0))

    assert (period.requests, period.median_ms, period.p95_ms) == (0, None, None)


def test_a_page_of_something_else_is_recognised() -> None:
    with pytest.raises(ServiceError, match="metrics cannot be read"):
        read_counters("<html lang=en>not a {page", at=0.0)


def counted(at: float, requests: float) -> Counters:
    return Counters(at, "1", requests, 0, 0, requests, ())


def test_a_history_draws_rates_by_seconds_before_now() -> None:
    history = History()
    for at, requests in ((0.0, 0), (2.0, 4), (2.0, 5), (4.0, 10)):
        history.add(counted(at, requests))

    assert history.rates()["requests"] == [(-2.0, 2.0), (0.0, 3.0)]
    assert highest(history.rates()) == 3.0
    assert history.delays()["median"] == [(-2.0, None), (0.0, None)]


def test_a_history_tells_which_share_failed_and_which_version_answered() -> None:
    history = History()
    history.add(Counters(0.0, "1", 0, 0, 0, 0, ()))
    history.add(Counters(2.0, "1", 8, 4, 2, 8, ()))
    history.add(Counters(4.0, "2", 8, 4, 2, 8, ()))

    assert history.errors() == {
        "refused": [(-2.0, 50.0), (0.0, None)],
        "failed": [(-2.0, 25.0), (0.0, None)],
    }
    assert history.versions() == [(-2.0, "1"), (0.0, "2")]


def test_a_version_that_answered_before_is_not_the_one_that_answers() -> None:
    text = page({}, [])
    gone = 'served_model_info{alias="prod",name="m",version="6"} 0.0'

    assert read_counters(f"{text}{gone}\n", at=0.0).version == "7"


def test_a_history_forgets_what_is_long_ago() -> None:
    history = History()
    for look in range(100):
        history.add(counted(look * 4.0, look))

    line = history.rates()["requests"]

    assert len(line) == WINDOW_SECONDS / 4 + 1
    assert line[0][0] == -WINDOW_SECONDS
