"""What is refused before a request reaches its route: a stranger's host, a missing key, too much.

Plain ASGI, like all that stands around a request.
"""

from starlette.types import ASGIApp, Receive, Scope, Send

from {{ cookiecutter.package_name }}_api.keys import owner_in
from {{ cookiecutter.package_name }}_api.problems import problem
from {{ cookiecutter.package_name }}_api.service import Service

PREDICTIONS = frozenset({"/predict", "/v1/predict"})
OPEN = frozenset({"/health", "/health/live", "/health/ready", "/metrics"})
"""Paths of machines that watch the service: from any host, without a key, however busy it is."""

_LOCAL = frozenset({"127.0.0.1", "localhost", "[::1]"})

Refusal = tuple[int, str, dict[str, str]]
"""A status, why, and headers."""


class Guarded:
    """An application behind the guards that the settings ask for."""

    def __init__(self, app: ASGIApp, service: Service) -> None:
        self._app = app
        self._service = service
        self._hosts = _hosts(service)
        self._most = service.settings.max_concurrent_requests
        self._longest = service.settings.max_wait_seconds
        self._taken = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or refuse it."""
        if scope["type"] != "http" or scope["path"] in OPEN:
            await self._app(scope, receive, send)
            return
        if refusal := self._refusal(scope):
            status, detail, headers = refusal
            if scope["path"] in PREDICTIONS:  # for the counters: no route was looked for
                scope["state"]["refused"] = scope["path"]
            await problem(scope, status, detail, headers=headers)(scope, receive, send)
            return
        self._taken += 1
        self._service.metrics.show_in_progress(self._taken)
        try:
            await self._app(scope, receive, send)
        finally:
            self._taken -= 1
            self._service.metrics.show_in_progress(self._taken)

    def _refusal(self, scope: Scope) -> Refusal | None:
        if self._hosts is not None and _host(scope) not in self._hosts:
            return 400, "This host is not served here: ALLOWED_HOSTS names those that are.", {}
        clients = self._service.clients
        # An operator's route asks for a key of its own.
        if clients is not None and scope["path"] != "/v1/reload" and not owner_in(scope, clients):
            return 401, "Expected a client's key.", {"WWW-Authenticate": "Bearer"}
        if self._taken >= self._most:
            return _later(f"{self._most} requests are in progress already; ask again soon.")
        if self._service.waiting.seconds > self._longest:
            return _later(f"Requests wait for longer than {self._longest:g} s; ask again soon.")
        return None


def _later(detail: str) -> Refusal:
    return 503, detail, {"Retry-After": "1"}


def _hosts(service: Service) -> frozenset[str] | None:
    """The hosts that are served; None for all."""
    settings = service.settings
    if settings.allowed_hosts:
        named = frozenset(settings.allowed_hosts)
        return None if "*" in named else named | _LOCAL
    # Who listens on this machine alone is asked from it alone: other names are a trick of a page.
    return _LOCAL if settings.api_host in {"127.0.0.1", "localhost", "::1"} else None


def _host(scope: Scope) -> str:
    """The `Host` of a request, without its port, in lower case."""
    for name, value in scope["headers"]:
        if name == b"host":
            host: str = value.decode("latin-1").lower()
            if host.startswith("["):
                return host.partition("]")[0] + "]"
            return host.partition(":")[0]
    return ""
