"""What is refused before a request reaches its route: a stranger's host, a missing key, too much.

Plain ASGI, like all that stands around a request.
"""

import logging
import math
import os

from starlette.types import ASGIApp, Receive, Scope, Send

from {{ cookiecutter.package_name }}_api.guards.hosts import LOOPBACK, Hosts, refused_host
from {{ cookiecutter.package_name }}_api.guards.limits import Limiter, Rate
from {{ cookiecutter.package_name }}_api.keys import WHERE, KeyFile, owner_in
from {{ cookiecutter.package_name }}_api.observing.shared_metrics import FOLDER
from {{ cookiecutter.package_name }}_api.problems import problem
from {{ cookiecutter.package_name }}_api.protocol import paths
from {{ cookiecutter.package_name }}_api.service import Service

_log = logging.getLogger(__name__)

COUNTED = frozenset({"/predict", "/v1/predict", "/v1/feedback"})
OPEN = paths.OPEN | {"/health", "/health/live", "/health/ready", "/metrics"}
"""Paths of machines that watch the service: from any host, without a key, however busy it is."""

Refusal = tuple[int, str, dict[str, str]]
"""A status, why, and headers."""


class Guards:
    """What the settings ask for, and what they allow."""

    def __init__(self, service: Service) -> None:
        self._service = service
        settings = service.settings
        self._hosts = Hosts(settings)
        self._limiter = Limiter(os.environ.get(FOLDER))
        self._rate = Rate.of(settings.api_key_rate) if settings.api_key_rate else None
        self._room = service.room
        self._longest = settings.max_wait_seconds
        if service.clients is None and settings.api_host not in LOOPBACK:
            _log.warning("anybody may ask", extra={"host": settings.api_host})

    def refusal(self, scope: Scope, waited: float | None = None) -> Refusal | None:
        """Why this request is not answered; each asking counts against the rate of its key.

        It has `waited` for so many seconds, or None: for as long as all do.
        """
        if not self._hosts.serve(scope):
            return 400, refused_host(scope), {}
        clients = self._service.clients
        if clients is not None and not _keyless(scope["path"]):
            owner = owner_in(scope, clients)
            if owner is None:
                return 401, f"Expected a client's key, {WHERE}.", {"WWW-Authenticate": "Bearer"}
            scope["state"]["owner"] = owner
            if refusal := self._too_often(owner, clients):
                return refusal
        if self._room.full:
            return _later(self._room.refusal)
        if (self._service.waiting.seconds if waited is None else waited) > self._longest:
            return _later(f"Requests wait for longer than {self._longest:g} s; ask again soon.")
        return None

    def _too_often(self, owner: str, clients: KeyFile) -> Refusal | None:
        rate = clients.rate_of(owner) or self._rate
        wait = self._limiter.wait(clients.place_of(owner), rate) if rate is not None else 0.0
        if not wait:
            return None
        seconds = math.ceil(wait)
        detail = f"This key may ask {rate}; ask again in {seconds} s."
        return 429, detail, {"Retry-After": str(seconds)}


class Guarded:
    """An application behind the guards."""

    def __init__(self, app: ASGIApp, service: Service, guards: Guards) -> None:
        self._app = app
        self._guards = guards
        self._room = service.room

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or refuse it."""
        if scope["type"] != "http" or scope["path"] in OPEN:
            await self._app(scope, receive, send)
            return
        state = scope["state"]
        if not state.get("admitted") and (refusal := self._guards.refusal(scope)):
            status, detail, headers = refusal
            if route := _counted_as(scope["path"]):  # for the counters: no route was looked for
                state["refused"] = route
            await problem(scope, status, detail, headers=headers)(scope, receive, send)
            return
        with self._room.taken():
            await self._app(scope, receive, send)


def _keyless(path: str) -> bool:
    """Whether a path asks for no client's key: the page, which holds no data, and an operator's."""
    return path in ("/", "/docs", "/v1/reload") or path.startswith("/docs/")


def _counted_as(path: str) -> str | None:
    """The route of a request for predictions; None for others."""
    return path if path in COUNTED else paths.counted_as(path)


def _later(detail: str) -> Refusal:
    return 503, detail, {"Retry-After": "1"}
