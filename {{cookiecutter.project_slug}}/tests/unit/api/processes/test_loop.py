"""All new connections that wait are taken, whatever else happens to one of them."""

import asyncio
import errno
import os
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress

import pytest

if sys.platform == "win32":
    pytest.skip("uvloop is not made for Windows", allow_module_level=True)

import resource

from {{ cookiecutter.package_name }}_api.processes import loop


class Connection(asyncio.Protocol):
    """Notes itself where it is taken."""

    taken: list["Connection"]

    def connection_made(self, transport):
        self.transport = transport
        self.taken.append(self)

    def data_received(self, data):
        self.transport.write(data.upper())


@pytest.fixture
def taken(monkeypatch):
    monkeypatch.setattr(Connection, "taken", [], raising=False)
    return Connection.taken


@pytest.fixture
def listener():
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(1000)
        yield listener


@pytest.fixture
def clients(listener):
    """Makes so many clients that wait to be taken."""
    with ExitStack() as stack:

        def clients(many: int) -> list[socket.socket]:
            address = listener.getsockname()
            made = [socket.create_connection(address, timeout=20) for _ in range(many)]
            return [stack.enter_context(client) for client in made]

        yield clients


def run(main, system=loop.Loop):
    async def ended():
        try:
            return await asyncio.wait_for(main, 30)
        finally:
            for connection in Connection.taken:
                connection.transport.abort()
            await asyncio.sleep(0)

    running = system()
    try:
        return running.run_until_complete(ended())
    finally:
        running.close()


async def until(true, seconds=20.0):
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        await asyncio.sleep(0.01)


async def served(listener):
    return await asyncio.get_running_loop().create_server(Connection, sock=listener, backlog=1000)


def test_all_that_wait_are_taken_in_a_few_turns(listener, clients, taken):
    waiting = clients(350)

    async def main():
        server = await served(listener)
        for _ in range(12):  # uvloop itself would have taken twelve
            await asyncio.sleep(0)
        soon = len(taken)
        waiting[-1].sendall(b"hello")
        await until(lambda: len(taken) == 350)
        answer = await asyncio.to_thread(waiting[-1].recv, 100)
        server.close()
        await server.wait_closed()
        return soon, answer

    assert run(main()) == (350, b"HELLO")


class Elsewhere(loop.Loop):
    """On some systems a connection that was reset can be accepted, and nothing else."""

    async def connect_accepted_socket(self, protocols, connection):
        if connection.getpeername()[1] == self.left:
            raise OSError(22, "Invalid argument")
        return await super().connect_accepted_socket(protocols, connection)


@pytest.mark.parametrize("system", [loop.Loop, Elsewhere])
def test_a_client_that_has_left_keeps_none_from_being_taken(listener, clients, taken, system):
    left, stays = clients(2)
    Elsewhere.left = left.getsockname()[1]
    left.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")  # a reset, no end
    left.close()

    async def main():
        server = await served(listener)
        stays.sendall(b"here")
        answer = await asyncio.to_thread(stays.recv, 100)
        server.close()
        return answer

    assert run(main(), system) == b"HERE"


class Broken(socket.socket):
    """Linux tells with `accept` what happened to a connection meanwhile."""

    told = False

    def accept(self):
        if not self.told:
            self.told = True
            raise OSError(errno.EPROTO, "Protocol error")
        return super().accept()


def test_what_happened_to_a_connection_is_no_reason_to_pause(taken, caplog):
    with Broken(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(10)

        async def main():
            with socket.create_connection(listener.getsockname(), timeout=20):
                server = await served(listener)
                await until(lambda: taken)
                server.close()

        run(main())

    assert caplog.messages == []


@pytest.fixture
def few_files():
    """Leaves this process so many files that it can open, while it is entered."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)

    @contextmanager
    def few_files(many: int) -> Iterator[None]:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(soft, 1000), hard))
        held = []
        try:
            with suppress(OSError):
                while True:
                    held.append(os.dup(0))
            for descriptor in held[:many]:
                os.close(descriptor)
            del held[:many]
            yield
        finally:
            for descriptor in held:
                os.close(descriptor)
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))

    return few_files


def test_where_no_more_files_can_be_opened_others_are_taken_later(
    listener, clients, taken, few_files, monkeypatch, caplog
):
    monkeypatch.setattr(loop, "_PAUSE_SECONDS", 0.2)
    clients(30)

    async def main():
        await asyncio.sleep(0)  # the loop has its own files
        with few_files(10):
            server = await served(listener)
            await until(lambda: caplog.messages)
            few = len(taken)
        await until(lambda: len(taken) == 30)
        server.close()
        return few

    assert run(main()) == 10
    assert caplog.messages[0] == "takes no connections for a moment"
    assert caplog.records[0].error == "Too many open files"


def test_one_that_rests_takes_none_after_it_is_closed(
    listener, clients, taken, few_files, monkeypatch, caplog
):
    monkeypatch.setattr(loop, "_PAUSE_SECONDS", 0.1)
    clients(3)

    async def main():
        with few_files(1):
            server = await served(listener)
            await until(lambda: caplog.messages)
            server.close()
        await asyncio.sleep(0.3)

    run(main())

    assert len(taken) == 1


def test_who_waits_when_it_is_closed_is_taken_and_none_that_comes_then(listener, clients, taken):
    clients(250)

    async def main():
        server = await served(listener)
        server.close()
        clients(3)
        await until(lambda: len(taken) >= 250)
        await asyncio.sleep(0.1)

    run(main())

    assert len(taken) == 250


def test_a_server_that_does_not_listen_yet_is_uvloops_own(taken):
    async def main():
        server = await asyncio.get_running_loop().create_server(Connection, "127.0.0.1", 0)
        async with server:
            reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
            writer.write(b"uvloop")
            answer = await reader.read(100)
            writer.close()
            return answer

    assert run(main()) == b"UVLOOP"
