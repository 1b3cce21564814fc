"""A stop takes nothing from clients that ask again and again, and waits for none that is idle."""

import gc
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest
from kept_in_memory import eventually
from packets import ASK, PREDICT, answered
from threaded_server import running

from {{ cookiecutter.package_name }}_api.app import create_app
from {{ cookiecutter.package_name }}_api.processes.server import Server
from {{ cookiecutter.package_name }}_api.settings import Settings


class Client(threading.Thread):
    """Asks until it is told to end, and notes whether every request was answered."""

    def __init__(self, address, request: bytes) -> None:
        super().__init__(daemon=True)
        self._address, self._request = address, request
        self.answered, self.lost = 0, 0

    def run(self) -> None:
        with socket.create_connection(self._address, timeout=60) as client:
            while True:
                try:
                    client.sendall(self._request)
                    answer = client.recv(65_536)
                except ConnectionError:
                    answer = b""
                if not answer.startswith(b"HTTP/1.1 200 "):
                    self.lost += 1
                    return
                self.answered += 1
                if b"\r\nconnection: close\r\n" in answer:
                    return


@pytest.fixture
def app(served, monkeypatch):
    monkeypatch.setattr(gc, "freeze", lambda: None)  # this process goes on
    return create_app(Settings(), load=lambda _: served)


@pytest.mark.parametrize("request_", [PREDICT, ASK], ids=["answered at once", "by a task"])
def test_who_asks_again_and_again_is_told_to_end_and_loses_no_request(app, request_):
    with running(app, Server) as (server, address):
        clients = [Client(address, request_) for _ in range(8)]
        for client in clients:
            client.start()
        while min(client.answered for client in clients) < 20:
            time.sleep(0.005)
        server.should_exit = True
        for client in clients:
            client.join(60)

    assert [client.lost for client in clients] == [0] * 8


@pytest.fixture
def leaving(app):
    """A client of a server whose next answer to it is the last one, after so many others."""

    @contextmanager
    def leaving(before: int) -> Iterator[socket.socket]:
        with running(app) as (server, address), socket.create_connection(address, 60) as client:
            for _ in range(before):
                answered(client, PREDICT)
            assert eventually(lambda: server.server_state.connections)
            (connection,) = server.server_state.connections
            connection.leave()
            yield client

    return leaving


def answers(client: socket.socket) -> list[bytes]:
    """What comes until the end of the connection."""
    return b"".join(iter(lambda: client.recv(65_536), b"")).split(b"HTTP/1.1 ")[1:]


def test_a_last_answer_to_who_asks_for_another_protocol(leaving):
    with leaving(0) as client:
        client.sendall(ASK[:-2] + b"Connection: Upgrade\r\nUpgrade: h2c\r\n\r\n")

        (answer,) = answers(client)

    assert answer.startswith(b"200 ")


@pytest.mark.parametrize("before", range(7))
def test_nothing_is_done_for_what_comes_after_a_last_answer(leaving, app, before):
    told = []
    app.state.service.listeners.append(told.append)
    with leaving(before) as client:
        client.sendall(PREDICT * 3)

        assert [answer[:3] for answer in answers(client)] == [b"200"]

    assert sum(len(one.requests) for one in told) == before + 1


def test_who_comes_while_it_stops_is_refused_before_anything_is_sent(app):
    lost, refused = [], threading.Event()

    def come(address) -> None:
        while not refused.is_set():
            try:
                client = socket.create_connection(address, timeout=60)
            except OSError:
                refused.set()
                return
            with client:
                try:
                    client.sendall(PREDICT)
                    answer = client.recv(65_536)
                except OSError:
                    answer = b""
                if not answer:
                    lost.append(client)
            time.sleep(0.005)

    with running(app, Server) as (server, address):
        coming = [threading.Thread(target=come, args=(address,), daemon=True) for _ in range(12)]
        for one in coming:
            one.start()
        time.sleep(0.3)
        server.should_exit = True
        for one in coming:
            one.join(60)

    assert refused.is_set()
    assert len(lost) <= 1  # who came between the last look into the system's queue and its end


def test_idle_connections_and_those_that_come_at_the_end_do_not_hold_a_stop_up(app):
    with ExitStack() as open_ones, running(app, Server) as (server, address):
        stopped = threading.Event()

        def come() -> None:
            while not stopped.is_set():
                try:
                    open_ones.enter_context(socket.create_connection(address, timeout=60))
                except OSError:  # nobody listens any more
                    return
                time.sleep(0.002)

        coming = threading.Thread(target=come, daemon=True)
        coming.start()
        time.sleep(0.3)
        began = time.monotonic()
        server.should_exit = True
        while server.server_state.connections or not server.servers:
            assert time.monotonic() - began < 5  # as long as what is in progress may take: 10 s
            time.sleep(0.01)
        stopped.set()
        coming.join(60)
