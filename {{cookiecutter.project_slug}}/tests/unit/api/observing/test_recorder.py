"""Spans as a collector gets them: a real one, over HTTP."""

import time
from contextlib import contextmanager

import pytest
from kept_in_memory import eventually
from span_collector import collecting

from {{ cookiecutter.package_name }}_api.app import create_app
from {{ cookiecutter.package_name }}_api.observing import recorder
from {{ cookiecutter.package_name }}_api.settings import Settings

ROW = [60, "Oslo", 1.5]
TRACE, SPAN = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"


def parent(flags):
    return {"traceparent": f"00-{TRACE}-{SPAN}-{flags}", "X-Request-ID": "mine"}


@pytest.fixture(autouse=True)
def _variables(monkeypatch):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("OTEL_BSP_SCHEDULE_DELAY", "20")
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_COMPRESSION", "gzip")


@pytest.fixture
def collector(monkeypatch):
    with collecting() as collector:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url)
        yield collector


@pytest.fixture
def traced(served, client_of):
    @contextmanager
    def traced():
        app = create_app(Settings(max_batch_rows=5), load=lambda _: served)
        with client_of(app) as client, client.started():
            yield client

    return traced


def attributes(span):
    values = {}
    for each in span.attributes:
        kind = each.value.WhichOneof("value")
        values[each.key] = getattr(each.value, kind)
    return values


def test_each_request_is_a_span_of_the_trace_that_it_came_with(traced, collector):
    with traced() as client:
        before = time.time_ns()
        answer = client.predict([ROW, ROW], headers=parent("01"))
        after = time.time_ns()

    (span,) = collector.spans()
    ids = span.trace_id.hex(), span.span_id.hex(), span.parent_span_id.hex()
    assert ids == (TRACE, answer.headers["traceresponse"].split("-")[2], SPAN)
    assert (span.name, span.kind) == ("POST /v1/predict", span.SPAN_KIND_SERVER)
    assert before <= span.start_time_unix_nano < span.end_time_unix_nano <= after
    assert attributes(span) == {
        "http.request.method": "POST",
        "http.route": "/v1/predict",
        "http.response.status_code": 200,
        "url.scheme": "http",
        "request.id": "mine",
        "model.name": "{{ cookiecutter.package_name }}",
        "model.version": "7",
        "model.rows": 2,
    }
    resource = attributes(collector.resources[0].resource)
    assert resource["service.name"] == "{{ cookiecutter.package_name }}"


def test_a_trace_may_begin_here_and_refusals_are_in_it(traced, collector, monkeypatch):
    monkeypatch.setenv("OTEL_SERVICE_NAME", "scores")
    with traced() as client:
        answer = client.predict([["old", "Oslo", 1]])
        client.get("/health/live")
        client.get("/metrics")

    (span,) = collector.spans()
    assert span.trace_id.hex() == answer.headers["traceresponse"].split("-")[1]
    assert not span.parent_span_id
    assert attributes(span)["http.response.status_code"] == 422
    assert span.status.code == span.status.STATUS_CODE_UNSET
    assert attributes(collector.resources[0].resource)["service.name"] == "scores"


def test_a_defect_is_an_error(traced, collector, served):
    served.predictor._runtime = None
    with traced() as client:
        client.predict([ROW])

    (span,) = collector.spans()
    assert span.status.code == span.status.STATUS_CODE_ERROR


def test_who_asks_decides_whether_the_trace_is_recorded(traced, collector):
    with traced() as client:
        answer = client.predict([ROW], headers=parent("00"))

    assert answer.status_code == 200
    assert collector.spans() == []


def test_a_collector_that_refuses_is_told_once_and_so_is_its_return(traced, collector, caplog):
    caplog.set_level("INFO", recorder.__name__)
    collector.status = 400
    with traced() as client:
        for _ in range(3):
            client.predict([ROW])
            assert collector.asked.acquire(timeout=60)
        collector.status = 200
        client.predict([ROW])

    assert caplog.text.count("takes no spans") == 1
    assert caplog.text.count("takes spans again") == 1


def test_a_collector_that_hangs_neither_slows_a_request_nor_keeps_the_service(
    traced, collector, monkeypatch
):
    monkeypatch.setattr(recorder, "STOP_SECONDS", 0.2)
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_TIMEOUT", "60")
    collector.open.clear()
    with traced() as client:
        client.predict([ROW])
        assert collector.asked.acquire(timeout=60)
        began = time.monotonic()
        statuses = {client.predict([ROW]).status_code for _ in range(20)}
        asked = time.monotonic() - began
        began = time.monotonic()
    stopped = time.monotonic() - began

    assert statuses == {200}
    assert asked < 30
    assert stopped < 30


def test_a_collector_that_is_away_stops_nothing(traced, collector, monkeypatch, caplog):
    monkeypatch.setattr(recorder, "STOP_SECONDS", 0.2)
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1")
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_TIMEOUT", "0.1")
    with traced() as client:
        assert client.predict([ROW]).status_code == 200
        assert eventually(lambda: "takes no spans" in caplog.text)

    assert caplog.text.count("takes no spans") == 1
    assert "Traceback" not in caplog.text
