"""Requests that are answered where they are read from their connection, and nobody can tell."""

import asyncio
import json
import logging
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter

import httpx
import pytest
from packets import ASK, PREDICT, answered
from threaded_server import Address, running

from {{ cookiecutter.package_name }}_api.app import create_app
from {{ cookiecutter.package_name }}_api.keys import digest_of
from {{ cookiecutter.package_name }}_api.settings import Settings

ROW = [60, "Oslo", 1.5]
JSON = {"Content-Type": "application/json"}
PLAIN = json.dumps({"inputs": [ROW]}).encode()
REQUESTS = {
    "rows": {"json": {"inputs": [ROW]}},
    "named columns": {"json": {"inputs": [{"age": 60, "city": "Oslo", "income": 1.5}]}},
    "wrong rows": {"json": {"inputs": [["old"]]}},
    "too many rows": {"json": {"inputs": [ROW] * 6}},
    "no json": {"content": b"{", "headers": JSON},
    "no type": {"content": b"{}"},
    "nothing": {"headers": JSON},
    "too long": {"content": b" " * 2000, "headers": JSON},
    "compressed": {"content": PLAIN, "headers": JSON | {"Content-Encoding": "gzip"}},
    "another host": {"json": {"inputs": [ROW]}, "headers": {"Host": "example.com"}},
    "another page": {"json": {"inputs": [ROW]}, "headers": {"Origin": "http://a.example"}},
    "the last one": {"json": {"inputs": [ROW]}, "headers": {"Connection": "close"}},
}


@contextmanager
def answering(served, at_once: bool = True, **settings) -> Iterator[tuple[httpx.Client, Address]]:
    """A client of a service that answers at once, or by its application alone."""
    limits = {"max_batch_rows": 5, "max_body_bytes": 1000}
    app = create_app(Settings(**limits, **settings), load=lambda _: served)
    if not at_once:
        app.state.at_once = None
    with running(app) as (_, address):
        url = "http://{}:{}".format(*address)
        with httpx.Client(base_url=url, trust_env=False, timeout=60) as client:
            yield client, address


def told(answer: httpx.Response):
    own = {"x-request-id", "traceresponse", "date"}
    headers = {name: value for name, value in answer.headers.items() if name not in own}
    assert own <= set(answer.headers)
    return answer.status_code, headers, answer.json() | {"request_id": None}


@pytest.mark.parametrize("origins", [None, ["http://a.example"]])
@pytest.mark.parametrize("path", ["/predict", "/v1/predict"])
def test_every_request_is_answered_as_the_application_would(served, path, origins):
    answers, counted = [], []
    for at_once in (True, False):
        with answering(served, at_once, cors_origins=origins) as (client, _):
            answers.append(
                {name: told(client.post(path, **asked)) for name, asked in REQUESTS.items()}
            )
            page = client.get("/metrics").text.splitlines()
            counted.append(
                {line for line in page if line.startswith(("http_requests_total", "predict"))}
            )

    assert answers[0] == answers[1]
    assert counted[0] == counted[1]


def test_the_application_is_not_asked(served):
    app = create_app(Settings(), load=lambda _: served)
    with running(app) as (_, address):

        async def none(*_):
            raise AssertionError("the application was asked")

        app.middleware_stack = none
        # In one piece: a body that comes long after its head is waited for by the application.
        with socket.create_connection(address, timeout=60) as client:
            answered(client, PREDICT)


def test_layers_that_somebody_added_are_met(served):
    met = []

    class Added:
        def __init__(self, app) -> None:
            self._app = app

        async def __call__(self, scope, receive, send) -> None:
            met.append(scope["type"])
            await self._app(scope, receive, send)

    app = create_app(Settings(), load=lambda _: served)
    app.add_middleware(Added)
    with running(app) as (_, address):
        url = "http://{}:{}/v1/predict".format(*address)
        assert httpx.post(url, json={"inputs": [ROW]}, trust_env=False).status_code == 200

    assert "http" in met


def test_each_request_counts_once_against_the_rate_of_its_key(served, tmp_path):
    keys = tmp_path / "keys"
    keys.write_text(f"anna {digest_of('k')}\n", "utf-8")
    with answering(served, api_keys_file=keys, api_key_rate="3/h") as (client, _):
        shown = {"X-API-Key": "k"}
        statuses = [
            client.post("/v1/predict", json={"inputs": [row]}, headers=shown).status_code
            for row in (ROW, ["old"], ROW, ROW)
        ]
        unknown = client.post("/v1/predict", json={"inputs": [ROW]}).status_code

    assert statuses == [200, 422, 200, 429]
    assert unknown == 401


def packet(content: object, *headers: str) -> bytes:
    body = json.dumps(content).encode()
    lines = ["POST /v1/predict HTTP/1.1", "Host: localhost", "Content-Type: application/json"]
    lines += [f"Content-Length: {len(body)}", *headers, "", ""]
    return "\r\n".join(lines).encode() + body


GOOD, BAD = {"inputs": [ROW]}, {"inputs": [["old"]]}


@pytest.mark.parametrize(
    ("sent", "statuses"),
    [
        (
            packet(GOOD) + packet(BAD) + packet(GOOD) + packet(GOOD, "Connection: close"),
            [b"200", b"422", b"200", b"200"],
        ),
        (packet(GOOD) + b"this is not HTTP\r\n\r\n", [b"200", b"400"]),
        (packet(GOOD) + b"GET /" + b"a" * 200_000, [b"200", b"431"]),
        (ASK * 2 + b"this is not HTTP\r\n\r\n", [b"200", b"200"]),
        (ASK * 2 + b"GET /" + b"a" * 200_000, [b"200", b"200"]),
    ],
)
def test_what_comes_in_one_packet_is_answered_in_its_order(served, sent, statuses):
    with answering(served) as (_, address), socket.create_connection(address, 60) as client:
        client.sendall(sent)
        answers = b"".join(iter(lambda: client.recv(65536), b""))

    assert [part[:3] for part in answers.split(b"HTTP/1.1 ")[1:]] == statuses


def test_a_connection_is_free_for_the_next_request_from_its_last_answer_on(served):
    app = create_app(Settings(), load=lambda _: served)
    at_once, free = app.state.at_once, []
    takes = at_once.takes

    def seen(scope, body, since, answer) -> bool:
        free.append(since)
        return bool(takes(scope, body, since, answer))

    at_once.takes = seen
    with running(app) as (_, address), socket.create_connection(address, 60) as client:
        for _ in range(2):
            client.sendall(packet(GOOD))
            assert client.recv(65536).startswith(b"HTTP/1.1 200")
        first, second = free

    assert first < second < perf_counter()


def test_a_defect_of_the_model_is_told_without_its_words(served, fake_runtime, monkeypatch, caplog):
    caplog.set_level(logging.DEBUG)

    def fails(*_):
        raise RuntimeError("secret")

    with answering(served) as (client, _):
        monkeypatch.setattr(fake_runtime, "run", fails)
        answer = client.post("/v1/predict", json={"inputs": [ROW]})

    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert "not answered at once" in caplog.messages


def test_clients_at_the_same_time_get_their_own_answers(served):
    async def asked(client, age: int) -> tuple[int, str]:
        answer = await client.post("/v1/predict", json={"inputs": [[age, "Oslo", 1.5]]})
        return age, answer.json()["predictions"][0]

    async def all_of_them(address):
        url = "http://{}:{}".format(*address)
        async with httpx.AsyncClient(base_url=url, trust_env=False, timeout=60) as client:
            return await asyncio.gather(*(asked(client, age) for age in [20, 70] * 50))

    with answering(served) as (_, address):
        answers = asyncio.run(all_of_them(address))

    assert set(answers) == {(20, "no"), (70, "yes")}
    assert len(answers) == 100
