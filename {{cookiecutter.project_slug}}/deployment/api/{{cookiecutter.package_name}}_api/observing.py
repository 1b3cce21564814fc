"""Around every request: its id, its count, its log line, and an answer even to a defect."""

import logging
import re
from time import perf_counter
from uuid import uuid4

from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from {{ cookiecutter.package_name }}_api.metrics import Metrics
from {{ cookiecutter.package_name }}_api.problems import problem

_log = logging.getLogger(__name__)
_ACCEPTABLE_ID = re.compile(rb"[A-Za-z0-9._:/+=-]{1,128}")
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_PROBES = frozenset({"/health", "/health/live", "/health/ready", "/metrics"})
_CLIENT_LEFT = 499


class Observed:
    """An ASGI application, observed. Plain ASGI: a framework's middleware costs a task each."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; anything else passes by."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started, status = perf_counter(), 0
        request_id = _request_id(scope)
        scope.setdefault("state", {})["request_id"] = request_id
        header = (b"x-request-id", request_id.encode())

        async def send_marked(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message = {**message, "headers": [*message.get("headers", ()), header]}
            await send(message)

        try:
            await self._app(scope, receive, send_marked)
        except ClientDisconnect:
            status = _CLIENT_LEFT
        except Exception:
            _log.exception("defect", extra={"request_id": request_id})
            if status:  # half an answer is out: only a broken connection can say that it is bad
                raise
            answer = problem(scope, 500, "The service failed; its log says why.")
            await answer(scope, receive, send_marked)
        finally:
            self._note(scope, status, perf_counter() - started, request_id)

    def _note(self, scope: Scope, status: int, seconds: float, request_id: str) -> None:
        method = scope["method"] if scope["method"] in _METHODS else "other"
        route = getattr(scope.get("route"), "path", "unknown")
        self._metrics.count_request(method, route, status, seconds)
        level = logging.DEBUG if route in _PROBES else logging.INFO
        if _log.isEnabledFor(level):
            extra = {
                "status": status,
                "duration_ms": round(seconds * 1000, 2),
                "request_id": request_id,
            }
            _log.log(level, "%s %s", method, _path(scope), extra=extra)


def _request_id(scope: Scope) -> str:
    for name, value in scope["headers"]:
        if name == b"x-request-id" and _ACCEPTABLE_ID.fullmatch(value):
            return str(value, "ascii")
    return uuid4().hex


def _path(scope: Scope) -> str:
    """The path as it was sent, percent-encoded: a decoded one could hold a newline."""
    raw: bytes = scope.get("raw_path") or scope["path"].encode("unicode_escape")
    return raw[:200].decode("ascii", "backslashreplace")
