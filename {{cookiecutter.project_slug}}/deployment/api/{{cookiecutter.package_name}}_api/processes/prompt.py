"""Connections that offer a request to the application at once, before they begin a task for it."""

import asyncio
from functools import partial
from time import perf_counter
from typing import Any, cast

from starlette.types import Scope
from uvicorn._types import ASGI3Application
from uvicorn.protocols.http.httptools_impl import (
    STATUS_LINE,
    HttpToolsProtocol,
    RequestResponseCycle,
)

from {{ cookiecutter.package_name }}_api.answering.at_once import AtOnce, Whole
from {{ cookiecutter.package_name }}_api.answering.bodies import LARGE_BYTES

_REST_SECONDS = 0.005
"""How long a task may wait for the rest of a request: with the rest it may not be needed."""


class Prompt(HttpToolsProtocol):
    """The server's own connection, but for the requests that `at_once` answers."""

    at_once: AtOnce | None = None

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._begun: RequestResponseCycle | None = None
        self._rest: asyncio.TimerHandle | None = None
        self._free = perf_counter()
        self._answered_last = False
        """Whether the last answer was sent: nothing is done for what came with its request."""
        self.reads_no_more = False
        """Whether it ends with an answer to what was read: nothing more is."""
        self._before: RequestResponseCycle | None = None
        """Which request came before the one that came last, and waits for its answer."""

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self._before = None

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self._begun is not None:
            self._wait_for_body(self._begun)

    def on_headers_complete(self) -> None:
        before = self.cycle
        super().on_headers_complete()
        self._before = before if self._waits_in_line() else None

    def _waits_in_line(self) -> bool:
        return bool(self.pipeline) and self.pipeline[0][0] is self.cycle

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: ASGI3Application) -> None:
        if self._answered_last:
            return
        if self.at_once is None or app is not self.app or cycle.waiting_for_100_continue:
            super()._start_asgi_task(cycle, app)
        else:
            self._begun = cycle

    def on_message_complete(self) -> None:
        super().on_message_complete()
        if self._begun is not None:
            self._begin()

    def _wait_for_body(self, cycle: RequestResponseCycle) -> None:
        """Many clients send a body after its head: nearly always it is there a moment later.

        Where it is not, or where the client has left, the application is told by a task.
        """
        if len(cycle.body) > LARGE_BYTES:
            self._begin()
        elif self._rest is None:
            self._rest = self.loop.call_later(_REST_SECONDS, self._begin)

    def _begin(self) -> None:
        """Answer the request that began, at once where that can be, else by a task."""
        cycle, self._begun = self._begun, None
        if self._rest is not None:
            self._rest.cancel()
            self._rest = None
        if cycle is None or self.at_once is None or self._answered_last:
            return
        if not (cycle.more_body or self.flow.write_paused or self.transport.is_closing()):
            scope, answer = cast("Scope", cycle.scope), partial(self._answer, cycle)
            if self.at_once.takes(scope, bytes(cycle.body), self._free, answer):
                return
        super()._start_asgi_task(cycle, self.app)

    def _answer(self, cycle: RequestResponseCycle, whole: Whole | None) -> None:
        if whole is None:
            super()._start_asgi_task(cycle, self.app)
        elif not self.transport.is_closing():  # else the client has left
            self._send(cycle, whole)

    def _send(self, cycle: RequestResponseCycle, whole: Whole) -> None:
        status, headers, body = whole
        parts = [STATUS_LINE[status]]
        for name, value in cycle.default_headers:
            parts += (name, b": ", value, b"\r\n")
        if not cycle.keep_alive:
            parts.append(b"connection: close\r\n")
        parts += (headers, b"content-length: %d\r\n\r\n" % len(body), body)
        cycle.response_started = cycle.response_complete = True
        cycle.body = bytearray()  # else an idle connection would keep it
        self.transport.write(b"".join(parts))
        if not cycle.keep_alive:
            self._answered_last = True
            self.transport.close()
        self.on_response_complete()

    def send_400_response(self, msg: str) -> None:
        """Refuse what is no HTTP, after the answer to what came before it."""
        if not self.ends_with_an_answer():
            super().send_400_response(msg)

    def ends_with_an_answer(self) -> bool:
        """Whether a request that is there as a whole has no answer yet: this ends with it then."""
        if self.at_once is not None:
            self.at_once.run()
        if self._before is not None and self._waits_in_line() and self.cycle.more_body:
            self.cycle = self._before  # the last one is broken, and never begins
        cycle = self.cycle
        if cycle is None or cycle.response_complete or cycle.more_body:
            return False
        cycle.keep_alive = False
        self.reads_no_more = True
        self.flow.resume_reading()  # what is not taken from the system breaks the connection
        return True

    def on_response_complete(self) -> None:
        """What the server does, but for a timer at each request: `_look` ends idle connections."""
        self.server_state.total_requests += 1
        self._free = perf_counter()
        if self.transport.is_closing():
            return
        self.flow.resume_reading()
        if self.pipeline:
            super()._start_asgi_task(*self.pipeline.pop())
