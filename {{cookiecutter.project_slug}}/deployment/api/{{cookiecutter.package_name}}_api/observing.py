"""Around every request: its id, its count, its log line, and an answer even to a defect."""

import logging
import re
from time import perf_counter
from uuid import uuid4

from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from {{ cookiecutter.package_name }}_api import access
from {{ cookiecutter.package_name }}_api.problems import problem
from {{ cookiecutter.package_name }}_api.service import Service

_log = logging.getLogger(__name__)
_ACCEPTABLE_ID = re.compile(rb"[A-Za-z0-9._:/+=-]{1,128}")
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_PROBES = frozenset({"/health", "/health/live", "/health/ready", "/metrics"})
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


class Observed:
    """An ASGI application, observed. Plain ASGI: a framework's middleware costs a task each."""

    def __init__(self, app: ASGIApp, service: Service) -> None:
        self._app = app
        self._metrics = service.metrics
        self._access = service.access

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; anything else passes by."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started, status = perf_counter(), 0
        request_id = _request_id(scope)
        scope.setdefault("state", {})["request_id"] = request_id
        headers = _SECURITY_OF_PAGES if scope["path"].startswith("/docs") else _SECURITY
        headers = [*headers, (b"x-request-id", request_id.encode())]

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
        route = getattr(scope.get("route"), "path", None) or scope["state"].get(
            "refused", "unknown"
        )
        self._metrics.count_request(method, route, status, seconds)
        level = logging.DEBUG if route in _PROBES else logging.INFO
        if access.enabled(level):
            what = f"{method} {_path(scope)}"
            self._access.note(access.line(level, what, status, seconds, request_id))


def _request_id(scope: Scope) -> str:
    for name, value in scope["headers"]:
        if name == b"x-request-id" and _ACCEPTABLE_ID.fullmatch(value):
            return str(value, "ascii")
    return uuid4().hex


def _path(scope: Scope) -> str:
    """The path as it was sent, percent-encoded: a decoded one could hold a newline."""
    raw: bytes = scope.get("raw_path") or scope["path"].encode("unicode_escape")
    return raw[:200].decode("ascii", "backslashreplace")
