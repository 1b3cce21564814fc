"""Around every request: its ids, its count, its log line, and an answer even to a defect."""

import logging
import re
from collections.abc import Set
from time import perf_counter

from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from {{ cookiecutter.package_name }}_api.observing import access
from {{ cookiecutter.package_name }}_api.observing.defects import unsaid
from {{ cookiecutter.package_name }}_api.observing.tracing import Trace, begun, fresh_hex
from {{ cookiecutter.package_name }}_api.problems import problem
from {{ cookiecutter.package_name }}_api.protocol import paths
from {{ cookiecutter.package_name }}_api.service import Service

_log = logging.getLogger(__name__)
_ACCEPTABLE_ID = re.compile(rb"[A-Za-z0-9._:/+=-]{1,128}")
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_PROBES = paths.OPEN | {"/health", "/health/live", "/health/ready", "/metrics"}
_CLIENT_LEFT = 499

_SECURITY = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cache-control", b"no-store"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
]
_SECURITY_OF_PAGES = [
    *_SECURITY[:3],
    (
        b"content-security-policy",
        b"default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
        b"img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'",
    ),
]
"""Data is nothing that a browser should guess at, keep, frame or run."""

_LINES = b"content-type: %b\r\n" + b"".join(
    [b"%b: %b\r\n" % header for header in _SECURITY]
    + [b"x-request-id: %b\r\n", b"traceresponse: %b\r\n"]
)


class Observer:
    """Gives each request its ids, and keeps its count and its log line."""

    def __init__(self, service: Service, own: Set[str]) -> None:
        """`own` are the service's paths; it may grow until the first request comes."""
        self._own = own
        self._requests = service.metrics.requests
        self._access = service.access
        self._spans = service.spans

    def begin(self, scope: Scope, began: float) -> None:
        """Note a request's ids, and when it began by `perf_counter`, in its state."""
        request_id, trace = _ids(scope)
        state = scope.setdefault("state", {})
        state["request_id"], state["trace"], state["began"] = request_id, trace, began

    def headers(self, scope: Scope) -> list[tuple[bytes, bytes]]:
        """What every answer has besides its own headers."""
        state = scope["state"]
        return [
            *(_SECURITY_OF_PAGES if scope["path"].startswith("/docs") else _SECURITY),
            (b"x-request-id", state["request_id"].encode()),
            (b"traceresponse", state["trace"].response()),
        ]

    def lines(self, scope: Scope, kind: str) -> bytes:
        """The same as lines of HTTP, with the type of what is answered."""
        state = scope["state"]
        ids = state["request_id"].encode(), state["trace"].response()
        return _LINES % (kind.encode(), *ids)

    def end(self, scope: Scope, status: int, seconds: float) -> None:
        """Count a request that was answered, and leave its line."""
        method = scope["method"] if scope["method"] in _METHODS else "other"
        state = scope["state"]
        route = getattr(scope.get("route"), "path", None) or state.get("refused")
        if route is None:  # none was looked for, or it does not name itself
            route = scope["path"] if scope["path"] in self._own else "unknown"
        self._requests.count((method, route, status), seconds)
        level = logging.DEBUG if route in _PROBES else logging.INFO
        if access.enabled(level):
            what = f"{method} {_path(scope)}"
            ids = state["request_id"], state["trace"].trace_id, state.get("owner")
            self._access.note(access.line(level, what, status, seconds, *ids))
        if self._spans is not None and route not in _PROBES:
            answered = state.get("answered")
            self._spans.note(state["trace"], (method, route), status, seconds, answered)


class Observed:
    """An ASGI application, observed. Plain ASGI: a framework's middleware costs a task each."""

    def __init__(self, app: ASGIApp, observer: Observer) -> None:
        self._app = app
        self._observer = observer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; anything else passes by."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started, status = perf_counter(), 0
        self._observer.begin(scope, started)
        headers = self._observer.headers(scope)

        async def send_marked(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message = {**message, "headers": [*message.get("headers", ()), *headers]}
            await send(message)

        try:
            await self._app(scope, receive, send_marked)
        except ClientDisconnect:
            status = _CLIENT_LEFT
        except Exception as error:
            state = scope["state"]
            ids = {"request_id": state["request_id"], "trace_id": state["trace"].trace_id}
            _log.error("defect", exc_info=unsaid(error, _log), extra=ids)
            if status:  # half an answer is out: only a broken connection can say that it is bad
                raise
            answer = problem(scope, 500, "The service failed; its log says why.")
            await answer(scope, receive, send_marked)
        finally:
            self._observer.end(scope, status, perf_counter() - started)


def _ids(scope: Scope) -> tuple[str, Trace]:
    """The request's id and its place in a trace: those that came, where they can be used."""
    request_id, parent, parents = None, None, 0
    for name, value in scope["headers"]:
        if name == b"x-request-id":
            if request_id is None and _ACCEPTABLE_ID.fullmatch(value):
                request_id = str(value, "ascii")
        elif name == b"traceparent":
            parent, parents = value, parents + 1
    fresh = fresh_hex()
    # Several say that somebody between us is wrong.
    return request_id or fresh[:32], begun(parent if parents == 1 else None, fresh)


def _path(scope: Scope) -> str:
    """The path as it was sent, percent-encoded: a decoded one could hold a newline."""
    raw: bytes = scope.get("raw_path") or scope["path"].encode("unicode_escape")
    return raw[:200].decode("ascii", "backslashreplace")
