"""Connections that cannot be kept open, or filled, without end.

The server bounds what follows a request that ended well, and the application bounds bodies and what
is done for them. In between a client could still hold a connection for ever, or a process's memory.
"""

import asyncio
import logging
import sys
from contextlib import suppress
from http import HTTPStatus
from typing import Any, TypedDict, cast

import httptools

from {{ cookiecutter.package_name }}_api.answering.at_once import AtOnce
from {{ cookiecutter.package_name }}_api.processes.gathered import Gathered
from {{ cookiecutter.package_name }}_api.processes.prompt import Prompt

MOST_HEAD_BYTES = 65_536
"""The longest head of a request; of a body in chunks, also all that stands around them."""

_DETAIL = f"Expected a request with a head of at most {MOST_HEAD_BYTES} bytes."
_BODY = (
    '{"type": "about:blank", "title": "Request Header Fields Too Large", "status": 431, '
    f'"detail": "{_DETAIL}", "request_id": null}}'
)
_REFUSAL = (
    f"HTTP/1.1 431 {HTTPStatus(431).phrase}\r\ncontent-type: application/problem+json\r\n"
    f"content-length: {len(_BODY)}\r\nconnection: close\r\n\r\n{_BODY}"
).encode()

_MOST_FILES = 65_536

_SILENT = logging.Logger("silent", logging.CRITICAL + 1)


class Options(TypedDict):
    """What a server is told to have connections of this kind."""

    http: type[asyncio.Protocol]


def options(seconds: float, at_once: AtOnce | None = None) -> Options:
    """Connections on which a head, an answer's way out, what is left of a refused body, or nothing
    at all may take so many seconds, or at most twice as many.

    What `at_once` can answer is not begun as a task.
    """
    own = {"seconds": seconds, "at_once": at_once}
    return {"http": type("Connection", (Connection,), own)}


def allow_many() -> None:
    """Let this process, and those that it starts, have as many connections as the system allows.

    Each is an open file, and the limit that a process begins with is often 1024.
    """
    try:
        import resource
    except ImportError:  # a system without such limits
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _MOST_FILES if hard == resource.RLIM_INFINITY else min(hard, _MOST_FILES)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        with suppress(OSError, ValueError):  # fewer will do
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


class Connection(Prompt):
    """One timer a connection, none a request: it looks whether anything has moved since."""

    seconds: float

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._around = 0
        self._came = 0
        """Bytes since the last head, or a little more; a head is not longer."""
        self._data = b""
        self._leaves = False
        self._message: object = None
        self._seen: object = None
        self._timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(cast("asyncio.Transport", Gathered(transport, self.loop)))
        self._timer = self.loop.call_later(self.seconds, self._look)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._timer is not None:
            self._timer.cancel()
        super().connection_lost(exc)
        # These know the connection, too: it, and its requests, would wait for the collector.
        self.cycle = self._seen = None  # type: ignore[assignment]
        self.pipeline.clear()

    def _look(self) -> None:
        """Close a connection that waits for the same thing as when it was looked at last."""
        cycle, transport = self.cycle, self.transport
        # For a head, the rest of a body that was refused, or until the client has taken an answer.
        waits = cycle is None or cycle.response_complete or self.flow.write_paused
        if waits and cycle is self._seen:
            # `close` would wait for the client to take what is left.
            transport.abort() if transport.get_write_buffer_size() else transport.close()
            return
        self._seen = cycle if waits else self
        self._timer = self.loop.call_later(self.seconds, self._look)

    def data_received(self, data: bytes) -> None:
        if self.reads_no_more:  # unread bytes would break the connection before its answer is there
            return
        self._data = data
        self._came += len(data)
        super().data_received(data)
        self._data = b""
        if self.scope is not self._message:  # another request began in these bytes
            self._message, self._around = self.scope, 0
            return
        self._around += len(data)
        if self._around > MOST_HEAD_BYTES:
            self._refuse()

    def _head(self) -> int:
        return len(self.url) + sum(len(name) + len(value) + 4 for name, value in self.headers)

    def leave(self) -> None:
        """Say with the next answer that it is the last."""
        self._leaves = True

    def on_headers_complete(self) -> None:
        came, self._came = self._came, len(self._data)
        if came > MOST_HEAD_BYTES and self._head() > MOST_HEAD_BYTES:
            self._refuse()
            self.logger = _SILENT  # of the same refusal the server would say less
            raise ValueError  # the parser must not go on to a body
        super().on_headers_complete()
        if self.parser.should_upgrade() and self._should_upgrade():
            return  # it is taken once more
        if self._leaves:
            self.cycle.keep_alive = False
        if not self.parser.should_upgrade():
            # What comes after the body is none of the headers that guards and routes look at.
            self.headers = []

    # A client that asks for another protocol first, as some do for HTTP/2, has to be answered in
    # this one (RFC 9110, 7.8). The parser takes the body for the other protocol then.

    def _should_upgrade(self) -> bool:
        return bool(self.parser.get_method() != b"CONNECT")

    def handle_websocket_upgrade(self) -> None:
        """Take the same request once more, as if nobody had asked for another protocol."""
        upgrade = sys.exception()
        assert isinstance(upgrade, httptools.HttpParserUpgrade), "what the server calls this for"  # noqa: S101
        version = self.parser.get_http_version().encode()
        head = [self.parser.get_method(), b" ", self.url, b" HTTP/", version, b"\r\n"]
        for name, value in self.headers:
            if name not in (b"connection", b"upgrade", b"http2-settings"):
                head += [name, b": ", value, b"\r\n"]
        rest = self._data[upgrade.args[0] :]
        self.parser = httptools.HttpRequestParser(self)
        super().data_received(b"".join([*head, b"\r\n", rest]))

    def on_body(self, body: bytes) -> None:
        self._around -= 2 * len(body)  # the words around a chunk may be as long as the chunk
        super().on_body(body)

    def _refuse(self) -> None:
        if self.transport.is_closing():
            return
        self.logger.warning("A request's head is too long.")
        if self.ends_with_an_answer():
            return
        if self.cycle is None or self.cycle.response_complete:
            self.transport.write(_REFUSAL)
        self.transport.close()
