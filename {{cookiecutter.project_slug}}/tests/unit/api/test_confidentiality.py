"""A value that a request brings is in no log at `info`, and in no answer but its own refusal."""

import io
import logging

import orjson
import pytest

from {{ cookiecutter.package_name }}.logging.setup import configure
from {{ cookiecutter.package_name }}_api.app import create_app
from {{ cookiecutter.package_name }}_api.settings import Settings

CANARY = "canary-4711"
NUMBER = 471147.11
ROW = [60, "Oslo", 1.5]


class Broken:
    """A model whose failure quotes the row that it failed at."""

    def run(self, _, feeds):
        try:
            raise KeyError(str(feeds["categorical"]))
        except KeyError as error:
            raise ValueError(f"bad value {feeds['categorical']} {feeds['numeric']}") from error


@pytest.fixture
def client(served, client_of):
    settings = Settings(max_body_bytes=2000, max_batch_rows=5, log_level="info", log_format="json")
    with client_of(create_app(settings, load=lambda _: served)) as client, client.started():
        yield client


@pytest.fixture
def log(logging_restored, monkeypatch):
    """Everything that the service wrote, as a collector of logs gets it."""
    written = io.StringIO()
    monkeypatch.setattr("sys.stderr", written)
    configure("info", "json")
    logging.getLogger("httpx").setLevel(logging.WARNING)  # the test's own client

    def log(client):
        client.app.state.service.access.flush()
        return written.getvalue()

    return log


def bodies():
    yield {"inputs": [[NUMBER, CANARY, 1]]}
    yield {"inputs": [{"age": NUMBER, "city": CANARY, "income": 1}]}
    yield {"inputs": [[CANARY, CANARY, CANARY]]}
    yield {"inputs": [{CANARY: CANARY}]}
    yield {"inputs": CANARY}
    yield {CANARY: CANARY}
    yield {"inputs": [[NUMBER, CANARY, 1]] * 6}
    yield {"inputs": [[NUMBER, CANARY * 300, 1]]}
    yield CANARY


def everything(client):
    """Asks each route in each way; the answers that are not refusals of a value of theirs."""
    routes = [
        (method.upper(), path.replace("{", "").replace("}", ""))
        for path, operations in client.get("/openapi.json").json()["paths"].items()
        for method in operations
    ]
    headers = {"X-API-Key": CANARY, "User-Agent": CANARY, "Cookie": CANARY, "Referer": CANARY}
    for method, path in [*routes, ("GET", "/docs"), ("GET", "/nowhere"), ("PUT", "/v1/predict")]:
        for body in bodies() if method == "POST" else [None]:
            content = b"" if body is None else orjson.dumps(body)
            for more in ({"Content-Type": "application/json"}, {}):
                for cut in (content, content[:-1]):
                    yield client.request(
                        method, f"{path}?q={CANARY}", content=cut, headers=headers | more
                    )


@pytest.mark.parametrize("broken", [False, True])
def test_a_value_of_a_request_stays_between_it_and_its_refusal(client, log, served, broken):
    if broken:
        served.predictor._runtime = Broken()

    answers = list(everything(client))

    written = log(client)
    assert {answer.status_code for answer in answers} >= {200, 400, 404, 405, 413, 415, 422}
    assert (500 in {answer.status_code for answer in answers}) is broken
    assert '"status":422' in written
    assert ("Unsaid: ValueError from KeyError" in written) is broken
    assert CANARY not in written
    assert "471147" not in written
    others = [answer for answer in answers if answer.status_code not in (400, 422)]
    assert [answer for answer in others if CANARY in answer.text] == []
    assert [answer for answer in answers if CANARY in str(answer.headers)] == []
    assert [answer for answer in answers if "Traceback" in answer.text] == []
