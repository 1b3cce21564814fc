import asyncio
import logging
import re

import pytest
from prometheus_client.parser import text_string_to_metric_families

from {{ cookiecutter.package_name }}_api.app import create_app

ROW = [60, "Oslo", 1.5]
LOGGER = "{{ cookiecutter.package_name }}_api.observing.access"


@pytest.mark.parametrize("mine", ["order-17", "00-4bf92f3577b34da6a3ce929d0e0e4736-01"])
def test_a_clients_request_id_is_kept(client, mine):
    response = client.predict([ROW], headers={"X-Request-ID": mine})

    assert response.headers["x-request-id"] == mine
    assert response.json()["request_id"] == mine


@pytest.mark.parametrize("bad", ["", "a b", "x" * 129, 'a"b', "é"])
def test_a_request_id_that_cannot_be_logged_is_replaced(client, bad):
    headers = {"X-Request-ID": bad.encode()}

    response = client.predict([ROW], headers=headers)

    assert len(response.headers["x-request-id"]) == 32


def test_refusals_carry_the_request_id_too(client):
    response = client.get("/nowhere", headers={"X-Request-ID": "mine"})

    assert response.headers["x-request-id"] == "mine"
    assert response.json()["request_id"] == "mine"


def test_requests_rows_and_the_model_are_counted(client):
    client.predict([ROW, ROW])
    client.predict([["old"]])
    client.get("/nowhere/1")
    client.get("/nowhere/2")
    client.request("BREW", "/health")

    page = client.get("/metrics").text

    def counted(method, route, status):
        labels = f'method="{method}",route="{route}",status="{status}"'
        return "http_requests_total{" + labels + "}"

    assert f"{counted('POST', '/v1/predict', 200)} 1.0" in page
    assert f"{counted('POST', '/v1/predict', 422)} 1.0" in page
    assert f"{counted('GET', 'unknown', 404)} 2.0" in page
    assert f"{counted('other', '/health', 405)} 1.0" in page
    assert 'http_request_duration_seconds_count{route="/v1/predict"} 2.0' in page
    assert "predicted_rows_total 2.0" in page
    version = 'name="{{ cookiecutter.package_name }}",.*version="7"'
    assert re.search("^served_model_info.*" + version + "} 1.0$", page, re.M)


def test_each_own_path_is_counted_as_a_route(client):
    asked = ("/openapi.json", "/docs", "/docs/start.js", "/docs/x.js", "/openapi.json/x", "/v9")
    for path in asked:
        client.get(path)
    client.request("POST", "/openapi.json")

    counts = {
        (sample.labels["method"], sample.labels["route"], sample.labels["status"]): sample.value
        for family in text_string_to_metric_families(client.get("/metrics").text)
        for sample in family.samples
        if sample.name == "http_requests_total"
    }

    assert counts == {
        ("GET", "/openapi.json", "200"): 1,
        ("POST", "/openapi.json", "405"): 1,
        ("GET", "/docs", "200"): 1,
        ("GET", "/docs/{name}", "200"): 1,
        ("GET", "/docs/{name}", "404"): 1,
        ("GET", "unknown", "404"): 2,
    }


def test_each_request_is_one_line_of_log(client, caplog):
    caplog.set_level(logging.INFO, LOGGER)

    client.get("/a%0Ab", headers={"X-Request-ID": "mine"})
    client.get("/health/live")
    client.app.state.service.access.flush()

    (record,) = [record for record in caplog.records if record.name == LOGGER]
    assert record.getMessage() == "GET /a%0Ab"
    assert (record.status, record.request_id) == (404, "mine")


PARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


@pytest.mark.parametrize(
    ("headers", "kept"),
    [
        ([("traceparent", PARENT)], True),
        ([("traceparent", PARENT.replace("4bf", "XYZ"))], False),
        ([("traceparent", PARENT), ("traceparent", PARENT)], False),
        ([], False),
    ],
)
def test_a_trace_goes_on_in_the_log_and_in_the_answer(client, caplog, headers, kept):
    caplog.set_level(logging.INFO, LOGGER)

    answers = [client.get("/v1/model", headers=headers) for _ in range(2)]
    client.app.state.service.access.flush()

    traces = [answer.headers["traceresponse"].split("-") for answer in answers]
    assert [trace[1] == PARENT[3:35] for trace in traces] == [kept] * 2
    assert len({trace[2] for trace in traces} - {PARENT[36:52]}) == 2
    assert {trace[3] for trace in traces} == {"01" if kept else "00"}
    records = [record for record in caplog.records if record.name == LOGGER]
    assert [record.trace_id for record in records] == [trace[1] for trace in traces]
    assert len({answer.headers["x-request-id"] for answer in answers}) == 2


def test_a_defect_is_logged_with_its_trace(client, caplog, served):
    served.predictor._runtime = Broken()

    client.predict([ROW], headers={"traceparent": PARENT})

    (record,) = [record for record in caplog.records if record.message == "defect"]
    assert record.trace_id == PARENT[3:35]


class Broken:
    """A model whose run fails as only a defect can."""

    def run(self, outputs, feeds):
        raise ZeroDivisionError("secret detail")


def test_a_defect_is_a_problem_without_a_trace(client, caplog, served):
    served.predictor._runtime = Broken()

    response = client.predict([ROW], headers={"X-Request-ID": "mine"})

    assert response.status_code == 500
    assert response.headers["content-type"] == "application/problem+json"
    assert response.headers["x-request-id"] == "mine"
    assert "secret" not in response.text
    assert "Unsaid: ZeroDivisionError (LOG_LEVEL=debug shows its words)" in caplog.text
    assert "in run" in caplog.text
    assert "secret" not in caplog.text.replace('ZeroDivisionError("secret detail")', "")
    assert 'status="500"' in client.get("/metrics").text


def test_at_debug_the_log_says_what_a_defect_said(client, caplog, served):
    caplog.set_level(logging.DEBUG, "{{ cookiecutter.package_name }}_api.observing.requests")
    served.predictor._runtime = Broken()

    client.predict([ROW])

    assert "ZeroDivisionError: secret detail" in caplog.text


def test_the_next_request_after_a_defect_is_answered(client, served):
    runtime, served.predictor._runtime = served.predictor._runtime, Broken()
    client.predict([ROW])
    served.predictor._runtime = runtime

    assert client.predict([ROW]).status_code == 200


def ask(app, receive, send):
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/v1/predict",
        "query_string": b"",
        "headers": [(b"host", b"localhost:8000"), (b"content-type", b"application/json")],
    }
    asyncio.run(app(scope, receive, send))


def test_a_client_that_leaves_is_not_a_defect(settings, served, caplog):
    app = create_app(settings, load=lambda _: served)
    app.state.service.serve(served)

    async def receive():
        return {"type": "http.disconnect"}

    async def send(message):
        raise AssertionError("nobody listens")

    ask(app, receive, send)

    assert "defect" not in caplog.text
    assert b'status="499"' in app.state.service.metrics.page()


def test_half_an_answer_ends_as_a_broken_connection(settings, served):
    app = create_app(settings, load=lambda _: served)
    app.state.service.serve(served)

    async def receive():
        return {"type": "http.request", "body": b"{}", "more_body": False}

    async def send(message):
        if message["type"] == "http.response.body":
            raise RuntimeError("lost in the middle")

    with pytest.raises(RuntimeError, match="lost in the middle"):
        ask(app, receive, send)
