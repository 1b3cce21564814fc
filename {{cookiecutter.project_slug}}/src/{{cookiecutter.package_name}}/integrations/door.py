"""What stands before every page: who is let in, how much may be sent, what pages may load."""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from html import escape
from importlib.resources import files
from string import Template
from typing import Any
from urllib.parse import parse_qs

from {{ cookiecutter.package_name }}.integrations.dashboard_settings import (
    DashboardSettings,
)
from {{ cookiecutter.package_name }}.integrations.sessions import Sessions, cookie_of

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

_FORM_BYTES = 4096
_AROUND_A_FILE = 100_000
"""Bytes of a request that are not the file in it."""
_HEADERS = {
    # Nothing is loaded from, or sent to, any other host: a name or a card cannot call home.
    "content-security-policy": "default-src 'self' data: blob: 'unsafe-inline' 'unsafe-eval'; "
    "frame-ancestors 'self'; form-action 'self'; base-uri 'self'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
}


class Door:
    """An ASGI application around the pages' own. Refuses in the order of its sentences."""

    def __init__(self, app: App, settings: DashboardSettings) -> None:
        self._app = app
        self._hosts = settings.hosts
        self._named = settings.named_hosts
        self._header = (settings.dashboard_user_header or "").lower().encode()
        password = settings.password()
        self._sessions = Sessions(password) if password else None
        self._cookie = f"dashboard_{settings.dashboard_port}"
        self._most = settings.most_bytes + _AROUND_A_FILE
        self._too_much = f"Expected a file of at most {settings.dashboard_upload_mb} MB."

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request or a WebSocket through, or answer it here."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        if self._hosts is not None and _host(headers) not in self._hosts:
            words = "Not served under this name: see DASHBOARD_ALLOWED_HOSTS."
            await _refuse(scope, receive, send, 421, words)
        elif b"origin" in headers and not self._is_own(headers):
            await _refuse(scope, receive, send, 403, "A page of another site may not ask this one.")
        elif self._header and not headers.get(self._header):
            await _refuse(scope, receive, send, 403, "Ask the proxy, which says who you are.")
        elif self._sessions is not None and not self._has_ticket(headers, self._sessions):
            await self._ask_password(scope, receive, send, self._sessions)
        elif _length(headers) > self._most:
            await _refuse(scope, receive, send, 413, self._too_much)
        else:
            # Judged above, so left out: for a stranger's a library asks the internet who it is.
            rest = [one for one in scope["headers"] if one[0] != b"origin"]
            inside = {**scope, "headers": rest}
            await self._app(inside, _limited(receive, self._most), _guarded(send))

    def _is_own(self, headers: dict[bytes, bytes]) -> bool:
        """Whether the page that asks came from here; behind some proxies `Host` is not its name."""
        origin = _text(headers, b"origin").lower().partition("://")[2]
        return bool(origin) and (
            origin == _text(headers, b"host").lower() or _name(origin) in self._named
        )

    def _has_ticket(self, headers: dict[bytes, bytes], sessions: Sessions) -> bool:
        return sessions.holds(cookie_of(_text(headers, b"cookie"), self._cookie))

    async def _ask_password(
        self, scope: Scope, receive: Receive, send: Send, sessions: Sessions
    ) -> None:
        """A form at whatever address was asked for; sent back right, the address is asked again."""
        if scope["type"] == "websocket" or scope["method"] != "POST":
            await _refuse(scope, receive, send, 401, _form(""), "text/html")
            return
        given = await _posted(receive)
        known = await sessions.knows(given)
        if known:
            secure = "; Secure" if scope.get("scheme") == "https" else ""
            ticket = f"{self._cookie}={sessions.ticket()}; Path=/; HttpOnly; SameSite=Lax{secure}"
            # Of the same address: one made of the path could begin with two bars, another host.
            again = f"?{scope['query_string'].decode('latin-1')}"
            more = {"location": again, "set-cookie": ticket}
            await _send(send, 303, "", "text/plain", more)
        elif known is None:
            await _send(send, 429, _form("Too many guesses: try again in a few seconds."))
        else:
            await _send(send, 401, _form("That is not the password."))


def _host(headers: dict[bytes, bytes]) -> str:
    return _name(_text(headers, b"host").lower())


def _name(host: str) -> str:
    """The name without a port; IPv6 addresses are written in brackets."""
    return host[1:].partition("]")[0] if host.startswith("[") else host.partition(":")[0]


def _text(headers: dict[bytes, bytes], name: bytes) -> str:
    return headers.get(name, b"").decode("latin-1")


def _length(headers: dict[bytes, bytes]) -> int:
    length = _text(headers, b"content-length")
    return int(length) if length.isdecimal() else 0


def _limited(receive: Receive, most: int) -> Receive:
    """A body that says no length is cut off where it becomes too much."""
    taken = 0

    async def counting() -> Message:
        nonlocal taken
        message = await receive()
        if message["type"] == "http.request":
            taken += len(message.get("body", b""))
            if taken > most:
                return {"type": "http.disconnect"}
        return message

    return counting


def _guarded(send: Send) -> Send:
    async def adding(message: Message) -> None:
        if message["type"] == "http.response.start":
            own = {name for name, _ in message.get("headers", [])}
            more = [
                (name.encode(), value.encode())
                for name, value in _HEADERS.items()
                if name.encode() not in own
            ]
            message["headers"] = [*message.get("headers", []), *more]
        await send(message)

    return adding


async def _posted(receive: Receive) -> str:
    """The password in a form that was sent; "" where it is none, or far too long."""
    body = b""
    while len(body) <= _FORM_BYTES:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body"):
            break
    fields = parse_qs(body[:_FORM_BYTES].decode("latin-1"))
    return fields.get("password", [""])[0]


def _form(trouble: str) -> str:
    page = Template(files(__package__).joinpath("login.html").read_text(encoding="utf-8"))
    return page.substitute(trouble=escape(trouble))


async def _refuse(
    scope: Scope, receive: Receive, send: Send, status: int, words: str, kind: str = "text/plain"
) -> None:
    if scope["type"] == "websocket":
        await asyncio.wait_for(receive(), 10)  # its wish to connect
        await send({"type": "websocket.close", "code": 1008})
        return
    await _send(send, status, words, kind)


async def _send(
    send: Send,
    status: int,
    words: str,
    kind: str = "text/html",
    more: dict[str, str] | None = None,
) -> None:
    headers = {
        "content-type": f"{kind}; charset=utf-8",
        "cache-control": "no-store",
        **(more or {}),
    }
    listed = [(name.encode(), value.encode()) for name, value in headers.items()]
    guarded = _guarded(send)
    await guarded({"type": "http.response.start", "status": status, "headers": listed})
    await guarded({"type": "http.response.body", "body": words.encode()})
