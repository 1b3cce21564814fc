"""Clients that send or hold more than a service should have to bear, at a process of its own."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from running_service import COMMAND, RunningService, running_service

from {{ cookiecutter.package_name }}_api.processes.connections import allow_many

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a process's memory so"),
]

ROWS = {"inputs": [[60, "Oslo", 1.5]]}
HEAD = (
    "POST /v1/predict HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n{}\r\n\r\n"
)
MEGABYTE = 1 << 20

_IDLE = """
import resource, socket, sys
hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
host, port, number = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
held = [socket.create_connection((host, port)) for _ in range(number)]
print("held", flush=True)
sys.stdin.read()
"""


def predict(url: str) -> int:
    return httpx.post(f"{url}/v1/predict", json=ROWS, trust_env=False, timeout=60).status_code


def peak(service: RunningService) -> int:
    """The most memory that the process had so far, in bytes."""
    status = Path(f"/proc/{service.process.pid}/status").read_text()
    return int(re.findall(r"VmHWM:\s+(\d+) kB", status)[0]) * 1024


def open_files(service: RunningService) -> int:
    return len(os.listdir(f"/proc/{service.process.pid}/fd"))  # noqa: PTH208


def chunked(part: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(part), part)


@pytest.mark.parametrize("header", ["Content-Length: 104857600", "Transfer-Encoding: chunked"])
def test_a_body_of_100_megabytes_is_refused_without_being_kept(tiny_model, header):
    part = b" " * MEGABYTE if "Length" in header else chunked(b" " * MEGABYTE)
    with running_service(MODEL_PATH=str(tiny_model)) as service:
        assert predict(service.url) == 200
        before, address = peak(service), urlsplit(service.url)
        with socket.create_connection((address.hostname, address.port), timeout=60) as client:
            client.sendall(HEAD.format(header).encode())
            for _ in range(100):
                client.sendall(part)
            answer = client.recv(65_536)
        assert predict(service.url) == 200
        after = peak(service)

    assert answer.startswith(b"HTTP/1.1 413 ")
    assert after - before < 30 * MEGABYTE


@pytest.fixture
def idle() -> Iterator[subprocess.Popen[str]]:
    """Starts a client that opens connections and sends nothing."""
    started: list[subprocess.Popen[str]] = []

    def hold(url: str, number: int) -> subprocess.Popen[str]:
        address = urlsplit(url)
        command = [sys.executable, "-c", _IDLE, str(address.hostname), str(address.port)]
        client = subprocess.Popen(
            [*command, str(number)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        started.append(client)
        return client

    yield hold
    for client in started:
        client.kill()
        client.communicate()


def test_10_000_idle_connections_leave_room_for_others_and_are_closed_in_time(tiny_model, idle):
    import resource  # Windows has none

    allow_many()
    # A system that allows fewer open files has fewer connections, too.
    number = min(10_000, resource.getrlimit(resource.RLIMIT_NOFILE)[1] - 500)
    with running_service(MODEL_PATH=str(tiny_model), REQUEST_TIMEOUT_SECONDS="5") as service:
        assert predict(service.url) == 200
        before, began = peak(service), time.monotonic()
        client = idle(service.url, number)
        assert client.stdout.readline() == "held\n"
        took = time.monotonic() - began
        assert predict(service.url) == 200
        held, memory = open_files(service), (peak(service) - before) / number
        if took < 4:  # else the first of them are closed already
            assert held >= number
        patience = time.monotonic() + 60
        while open_files(service) > 200:
            assert time.monotonic() < patience
            assert predict(service.url) == 200
            time.sleep(0.2)

    print(f"{number} connections in {took:.1f} s, {memory / 1024:.1f} KiB each")
    assert memory < 40 * 1024


def test_a_service_that_is_killed_breaks_what_it_did_and_starts_again(tiny_model):
    environment = {"MODEL_PATH": str(tiny_model), "API_PORT": "0", "LOG_FORMAT": "json"}
    given = os.environ | environment
    with subprocess.Popen(COMMAND, stderr=subprocess.PIPE, text=True, env=given) as process:
        lines = (json.loads(line) for line in process.stderr)
        url = next(line["url"] for line in lines if "url" in line)
        address = urlsplit(url)
        with socket.create_connection((address.hostname, address.port), timeout=60) as client:
            client.sendall(HEAD.format("Content-Length: 31").encode() + b"{")
            assert predict(url) == 200
            process.kill()
            assert process.wait(60) == -signal.SIGKILL
            with suppress(ConnectionResetError):
                assert client.recv(100) == b""
        with pytest.raises(httpx.ConnectError):
            predict(url)
    with running_service(MODEL_PATH=str(tiny_model), API_PORT=str(address.port)) as service:
        assert predict(service.url) == 200
