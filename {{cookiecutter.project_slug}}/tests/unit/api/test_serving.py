"""The application behind its real server, on a socket."""

import socket
from contextlib import contextmanager

import httpx
import pytest
from kept_in_memory import eventually
from threaded_server import running

from {{ cookiecutter.package_name }}_api.app import create_app
from {{ cookiecutter.package_name }}_api.settings import Settings

BODY = b'{"inputs": [[60, "Oslo", 1.5]]}'


@pytest.fixture
def app(served):
    return create_app(Settings(max_body_bytes=1000), load=lambda _: served)


@pytest.fixture
def hasty(served):
    settings = Settings(max_body_bytes=1000, request_timeout_seconds=0.3)
    return create_app(settings, load=lambda _: served)


@contextmanager
def begun(address, length=31):
    """A connection over which a request has come so far."""
    with socket.create_connection(address, timeout=60) as connection:
        head = (
            "POST /v1/predict HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            f"Content-Length: {length}\r\n\r\n"
        )
        connection.sendall(head.encode() + BODY[:5])
        yield connection


def received(connection) -> bytes:
    """All that comes until the other side closes."""
    chunks = []
    while chunk := connection.recv(65_536):
        chunks.append(chunk)
    return b"".join(chunks)


def refused(address) -> bool:
    """Whether nobody listens there."""
    try:
        socket.create_connection(address, timeout=60).close()
    except ConnectionRefusedError:
        return True
    return False


def test_a_slow_client_is_given_up_while_others_are_answered(hasty):
    with running(hasty) as (_, address), begun(address) as slow:
        url = "http://{}:{}/v1/predict".format(*address)
        headers = {"Content-Type": "application/json"}
        answer = httpx.post(url, content=BODY, headers=headers, trust_env=False)
        late = received(slow)

    assert answer.status_code == 200
    assert late.startswith(b"HTTP/1.1 408 ")
    assert b"did not come within 0.3 s" in late


def test_a_stop_lets_a_request_in_progress_end_and_takes_no_other(app):
    with running(app) as (server, address), begun(address) as early:
        assert eventually(lambda: app.state.service.metrics.requests.in_progress == 1)
        server.should_exit = True
        assert eventually(lambda: refused(address))
        early.sendall(BODY[5:])
        answer = received(early)

    assert answer.startswith(b"HTTP/1.1 200 ")
    assert b'"predictions":["yes"]' in answer


def test_a_client_that_sends_too_much_is_told_before_it_has_sent_it(app):
    with running(app) as (_, address), begun(address, length=100_000_000) as connection:
        answer = connection.recv(65_536)

    assert answer.startswith(b"HTTP/1.1 413 ")


def test_a_client_that_leaves_in_the_middle_harms_nobody(app):
    with running(app) as (_, address):
        with begun(address):
            pass
        url = "http://{}:{}".format(*address)
        assert httpx.get(f"{url}/health/ready", trust_env=False).status_code == 200
        left = 'route="/v1/predict",status="499"} 1.0'
        assert eventually(lambda: left in httpx.get(f"{url}/metrics", trust_env=False).text)
