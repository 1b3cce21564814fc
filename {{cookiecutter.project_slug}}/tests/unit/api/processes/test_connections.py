"""What a client can do to a connection, on a socket: it ends, and nobody else is harmed."""

import socket
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress

import httpx
import pytest
from kept_in_memory import eventually
from threaded_server import Address, running

from {{ cookiecutter.package_name }}_api.app import create_app
from {{ cookiecutter.package_name }}_api.processes.connections import allow_many
from {{ cookiecutter.package_name }}_api.settings import Settings

BODY = b'{"inputs": [[60, "Oslo", 1.5]]}'
TYPE = "Content-Type: application/json\r\n"
LENGTH = f"Content-Length: {len(BODY)}\r\n"
CHUNKED = "Transfer-Encoding: chunked\r\n"
UPGRADE = "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n"
OK = b"HTTP/1.1 200 OK\r\n"


def head(headers: str, line: str = "POST /v1/predict HTTP/1.1") -> bytes:
    return f"{line}\r\nHost: localhost\r\n{headers}\r\n".encode()


WHOLE = head(TYPE + LENGTH) + BODY


@contextmanager
def answering(served, seconds: float) -> Iterator[Address]:
    """The address of a service that gives a request so much time; in the end none is left."""
    settings = Settings(max_body_bytes=1000, request_timeout_seconds=seconds)
    with running(create_app(settings, load=lambda _: served)) as (_, address):
        yield address
        metrics = "http://{}:{}/metrics".format(*address)
        none = "http_requests_in_progress 0.0"
        assert eventually(lambda: none in httpx.get(metrics, trust_env=False).text)


@pytest.fixture
def address(served) -> Iterator[Address]:
    with answering(served, 60.0) as address:
        yield address


@pytest.fixture
def hasty(served) -> Iterator[Address]:
    with answering(served, 0.3) as address:
        yield address


@contextmanager
def connected(address: Address) -> Iterator[socket.socket]:
    with socket.create_connection(address, timeout=60) as connection:
        yield connection


def until_closed(connection: socket.socket) -> bytes:
    chunks = []
    with suppress(ConnectionError):  # what was still being sent met a closed connection
        while chunk := connection.recv(65_536):
            chunks.append(chunk)
    return b"".join(chunks)


def until(connection: socket.socket, words: bytes) -> bytes:
    answer = b""
    while words not in answer:
        chunk = connection.recv(65_536)
        assert chunk, answer
        answer += chunk
    return answer


def told(address: Address, parts: Iterable[bytes], pause: float = 0.0) -> bytes:
    """What comes until the service closes, while these are sent."""
    with connected(address) as connection:

        def send() -> None:
            with suppress(OSError):
                for part in parts:
                    connection.sendall(part)
                    time.sleep(pause)

        sending = threading.Thread(target=send)
        sending.start()
        answer = until_closed(connection)
        connection.close()
        sending.join()
    return answer


@pytest.mark.parametrize(
    "parts",
    [
        [],
        [b"POST /v1/pred"],
        [b"GET /", *[b"a"] * 1000],
        [head(TYPE)[:-2], *[b"X-More: and more\r\n"] * 1000],
        [head("Content-Length: 5000\r\n" + TYPE), *[b" "] * 1000],
    ],
    ids=["nothing", "half a head", "a byte at a time", "headers without end", "a refused body"],
)
def test_a_connection_over_which_no_whole_request_comes_is_closed(hasty, parts):
    began = time.monotonic()

    told(hasty, parts, pause=0.05)

    assert time.monotonic() - began < 30  # to send all of the parts takes longer


@pytest.mark.parametrize(
    "parts",
    [
        [head("X-Long: " + "a" * 400_000)],
        [head(TYPE)[:-2], *[b"X-More: and more\r\n" * 100] * 100],
        [b"GET /" + b"a" * 400_000],
        [head(TYPE + CHUNKED) + b"0\r\n", *[b"X-More: and more\r\n" * 100] * 100],
    ],
    ids=["a long header", "many headers", "a long path", "headers after the body"],
)
def test_a_head_without_end_is_refused(address, parts):
    answer = told(address, parts, pause=0.001)

    assert not answer or answer.startswith(b"HTTP/1.1 431 ")
    assert httpx.get("http://{}:{}/health".format(*address), trust_env=False).status_code == 200


LONG = head("X-Long: " + "a" * 70_000 + "\r\n", "GET /v1/model HTTP/1.1")


@pytest.mark.parametrize("parts", [[LONG], [LONG[:60_000], LONG[60_000:]], [WHOLE + LONG]])
def test_a_head_that_is_whole_and_too_long_is_refused(address, parts, caplog):
    answers = told(address, parts, pause=0.05).split(b"HTTP/1.1 ")[1:]

    assert [answer[:3] for answer in answers] == [b"200", b"431"][-len(answers) :]
    assert len(answers) == 1 + (WHOLE in parts[0])
    assert [text for text in caplog.messages if "equest" in text] == [
        "A request's head is too long."
    ]


def test_a_body_may_come_in_many_small_chunks(address):
    chunks = b"".join(b"1\r\n%c\r\n" % byte for byte in BODY)

    with connected(address) as connection:
        connection.sendall(head(TYPE + CHUNKED) + chunks + b"0\r\n\r\n")
        assert until(connection, b'"predictions":["yes"]').startswith(OK)


def test_what_comes_after_a_body_is_no_header(address):
    chunk = b"%x\r\n%b\r\n" % (len(BODY), BODY)

    with connected(address) as connection:
        after = b"0\r\nHost: elsewhere.example\r\nContent-Encoding: gzip\r\n\r\n"
        connection.sendall(head(TYPE + CHUNKED) + chunk + after)
        assert until(connection, b'"predictions":["yes"]').startswith(OK)


def test_a_long_body_is_no_long_head(address):
    refused = head(TYPE + "Content-Length: 900000\r\n") + b" " * 900_000

    with connected(address) as connection:
        connection.sendall(refused + WHOLE)
        answers = until(connection, b'"predictions":["yes"]')

    assert answers.startswith(b"HTTP/1.1 413 ")


@pytest.mark.parametrize("cut", [0, 40, len(BODY)])
def test_a_client_that_would_rather_speak_http_2_is_answered_in_http_1(address, cut):
    whole = head(TYPE + LENGTH + UPGRADE) + BODY

    with connected(address) as connection:
        for _ in range(2):
            connection.sendall(whole[: len(whole) - cut])
            time.sleep(0.05)
            connection.sendall(whole[len(whole) - cut :])
            answer = until(connection, b'"predictions":["yes"]')
            assert answer.startswith(OK)


@pytest.mark.parametrize(
    "request_",
    [
        head(TYPE + LENGTH + CHUNKED) + b"0\r\n\r\n" + WHOLE,
        head(TYPE + LENGTH + "Content-Length: 3\r\n") + BODY,
        head(TYPE + LENGTH + "Transfer-Encoding : chunked\r\n") + BODY,
        head(TYPE + "Transfer-Encoding: chunked, identity\r\n") + BODY,
        head(TYPE + "Content-Length: +31\r\n") + BODY,
        head(TYPE + LENGTH + "X-A: b\r\n c\r\n") + BODY,
        WHOLE.replace(b"\r\n", b"\n"),
        head(TYPE + CHUNKED) + b"zz\r\n",
        head("", "CONNECT localhost:1 HTTP/1.1"),
    ],
)
def test_what_two_servers_could_read_in_two_ways_ends_the_connection(address, request_):
    answer = told(address, [request_])

    assert answer.count(b"HTTP/1.1 ") == 1
    assert answer.startswith(b"HTTP/1.1 400 ")


def test_requests_sent_one_after_the_other_without_waiting_are_answered_in_their_order(address):
    refused = head("Content-Type: text/plain\r\n" + LENGTH) + BODY

    with connected(address) as connection:
        connection.sendall(WHOLE + refused + head("", "GET /health/live HTTP/1.1"))
        answers = until(connection, b'"alive"')

    statuses = [part[:3] for part in answers.split(b"HTTP/1.1 ")[1:]]
    assert statuses == [b"200", b"415", b"200"]


def test_a_client_that_does_not_take_its_answer_is_given_up(hasty):
    line = "GET /docs/swagger-ui-bundle.js HTTP/1.1"

    with socket.socket() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.settimeout(60)
        connection.connect(hasty)
        connection.sendall(head("", line) * 50)
        time.sleep(2.5)  # it is looked at each 0.3 s, on a busy machine a little later
        taken = until_closed(connection)

    assert taken.startswith(OK)
    assert len(taken) < 50_000_000


def test_the_service_may_have_more_connections_than_a_shell_allows():
    resource = pytest.importorskip("resource", reason="this system has no such limits")
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (256, hard))
    try:
        allow_many()
        allowed, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))

    assert allowed == (65_536 if hard == resource.RLIM_INFINITY else min(hard, 65_536))
