"""The spans of a service that runs, and stops, as a collector gets them."""

import httpx
import pytest
from kept_in_memory import eventually
from running_service import running_service
from span_collector import collecting

pytestmark = pytest.mark.slow

ROWS = {"inputs": [[60, "Oslo", 1.5]]}


@pytest.mark.parametrize("processes", ["1", "2"])
def test_the_last_spans_are_sent_when_the_service_stops(tiny_model, processes) -> None:
    with collecting() as collector:
        variables = {
            "MODEL_PATH": str(tiny_model),
            "WEB_CONCURRENCY": processes,
            "OTEL_EXPORTER_OTLP_ENDPOINT": collector.url,
            "OTEL_BSP_SCHEDULE_DELAY": "60000",
            "NO_PROXY": "127.0.0.1",
        }
        with running_service(**variables) as service:
            answers = [
                httpx.post(f"{service.url}/v1/predict", json=ROWS, trust_env=False)
                for _ in range(10)
            ]
            before = len(collector.spans())

    traces = {answer.headers["traceresponse"].split("-")[1] for answer in answers}
    assert before == 0
    assert {span.trace_id.hex() for span in collector.spans()} == traces
    assert len(traces) == 10


def test_a_collector_that_is_away_is_told_once_and_the_service_stops(tiny_model) -> None:
    variables = {
        "MODEL_PATH": str(tiny_model),
        "OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:1",
        "OTEL_BSP_SCHEDULE_DELAY": "20",
        "OTEL_EXPORTER_OTLP_TIMEOUT": "1",
        "NO_PROXY": "127.0.0.1",
    }
    with running_service(**variables) as service:
        for _ in range(3):
            answer = httpx.post(f"{service.url}/v1/predict", json=ROWS, trust_env=False)
            assert answer.status_code == 200
        assert eventually(lambda: "the collector takes no spans" in service.messages())

    assert service.messages().count("the collector takes no spans") == 1
