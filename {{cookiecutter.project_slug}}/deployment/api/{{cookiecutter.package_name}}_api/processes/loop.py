"""uvloop, but that it takes up to a hundred new connections a turn, and not one.

The others would wait in the system's queue, where nothing sees them: a probe could not be answered
while the service is busy, and nobody be refused.
"""

import asyncio
import errno
import logging
import socket
from collections.abc import Callable
from typing import Any

import uvloop

_log = logging.getLogger(__name__)

_MOST = 100
"""Connections taken in one turn: those that are open wait meanwhile."""

_MOST_SHARED = 8
"""The same where others take some, too: of a hundred that come at once each gets its part."""

_MOST_TURNS = 50
"""In the end: more than a system's queue holds by default."""

_PAUSE_SECONDS = 1.0
"""How long none is taken where the system has no more files, or memory, for one."""

_THE_CLIENTS = {
    getattr(errno, name, 0)
    for name in (
        *("EPROTO", "ENOPROTOOPT", "EOPNOTSUPP", "ENONET"),
        *("ENETDOWN", "ENETUNREACH", "EHOSTDOWN", "EHOSTUNREACH"),
    )
}
"""Of a connection that ended before it was taken: Linux tells them with `accept`."""

Protocols = Callable[[], asyncio.BaseProtocol]


class Loop(uvloop.Loop):
    """An event loop for a server."""

    most = _MOST

    async def create_server(  # type: ignore[override]
        self, protocol_factory: Protocols, *address: Any, **options: Any
    ) -> "asyncio.AbstractServer | Listening":
        """A server that listens already: of `options`, `sock` and no `ssl`, else it is uvloop's."""
        listener = options.get("sock")
        if listener is None or options.get("ssl") is not None:
            return await super().create_server(protocol_factory, *address, **options)
        listener.setblocking(False)
        listener.listen(options.get("backlog", _MOST))
        return Listening(self, listener, protocol_factory)


class SharingLoop(Loop):
    """An event loop for one of several servers of a socket."""

    most = _MOST_SHARED


class Listening:
    """A server of connections, until it is closed."""

    def __init__(self, loop: Loop, listener: socket.socket, protocols: Protocols) -> None:
        self._loop, self._listener, self._protocols = loop, listener, protocols
        self._tasks: set[asyncio.Task[None]] = set()
        self._pause: asyncio.TimerHandle | None = None
        self._closed = False
        self._listen()

    def _listen(self) -> None:
        self._pause = None
        self._loop.add_reader(self._listener, self._take)

    def _take(self) -> bool:
        """Take some of those that wait; whether there may be more."""
        for _ in range(self._loop.most):
            try:
                connection, _address = self._listener.accept()
            except (BlockingIOError, InterruptedError, ConnectionAbortedError):
                return False
            except OSError as error:
                if error.errno not in _THE_CLIENTS and not self._closed:
                    self._rest(error)
                return False
            task = self._loop.create_task(self._serve(connection))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return True

    def _rest(self, error: OSError) -> None:
        paused = {"seconds": _PAUSE_SECONDS, "error": error.strerror}
        _log.error("takes no connections for a moment", extra=paused)
        self._loop.remove_reader(self._listener)
        self._pause = self._loop.call_later(_PAUSE_SECONDS, self._listen)

    async def _serve(self, connection: socket.socket) -> None:
        connection.setblocking(False)
        try:
            await self._loop.connect_accepted_socket(self._protocols, connection)
        except OSError:  # its client has left
            connection.close()

    def close(self) -> None:
        """Take those that wait, and no more; the socket stays open."""
        if self._closed:  # and so may be the socket
            return
        self._closed = True
        if self._pause is not None:
            self._pause.cancel()
        self._loop.remove_reader(self._listener)
        # For their clients they are made: what those send would be lost with the socket.
        for _ in range(_MOST_TURNS):
            if not self._take():
                return

    async def wait_closed(self) -> None:
        """Those that are open are its protocols' own."""
