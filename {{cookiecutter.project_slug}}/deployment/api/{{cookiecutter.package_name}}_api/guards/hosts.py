"""Which hosts a request may name.

A page in somebody's browser can be made to reach this service under a name of the page's own (DNS
rebinding). Such a name is one that the internet's servers of names know: it is refused until it is
allowed.
"""

from functools import lru_cache
from ipaddress import ip_address

from starlette.types import Scope

from {{ cookiecutter.package_name }}_api.settings import Settings

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
"""Addresses to listen on that only this machine reaches."""

_LOCAL = frozenset({"127.0.0.1", "localhost", "[::1]"})

_MOST_SHOWN = 100

_MOST_LETTERS = 253
"""Of a name in the internet's own (RFC 1035)."""

_PRIVATE = (".internal", ".local", ".localhost")
"""Ends of names that no server of names on the internet knows, by their registration."""


class Hosts:
    """The hosts that the settings allow; without a word from them, as few as can be of use."""

    def __init__(self, settings: Settings) -> None:
        named = frozenset(settings.allowed_hosts or ())
        self._any = "*" in named
        self._named = named | _LOCAL
        # Who listens on this machine alone is asked from it alone.
        self._near = not named and settings.api_host not in LOOPBACK

    def serve(self, scope: Scope) -> bool:
        """Whether the one `Host` of this request is one of them."""
        named = _named(scope)
        if len(named) > 1:  # a proxy before this service may have gone by the other one
            return False
        if self._any:
            return True
        host = named[0] if named else ""
        return host in self._named or (self._near and len(host) <= _MOST_LETTERS and _is_near(host))


@lru_cache(maxsize=256)
def _is_near(host: str) -> bool:
    """Whether no server of names on the internet can have led a browser here by this name."""
    try:
        ip_address(host.strip("[]"))
    except ValueError:
        return bool(host) and ("." not in host or host.endswith(_PRIVATE))
    return True


def refused_host(scope: Scope) -> str:
    """The sentence for a host that is not served: its name is the client's own word."""
    named = _named(scope)
    if len(named) > 1:
        return f"The request has {len(named)} headers 'Host': expected one."
    host = "".join(letter for letter in "".join(named) if letter.isprintable())
    if not host:
        return "No host is named: ALLOWED_HOSTS names those that are served."
    shown = host if len(host) <= _MOST_SHOWN else f"{host[:_MOST_SHOWN]}…"
    return f"The host '{shown}' is not served here: ALLOWED_HOSTS names those that are."


def _named(scope: Scope) -> list[str]:
    """What a request names as its `Host`, without ports, in lower case."""
    return [_host(value) for name, value in scope["headers"] if name == b"host"]


def _host(value: bytes) -> str:
    host = value.decode("latin-1").lower()
    return host.partition("]")[0] + "]" if host.startswith("[") else host.partition(":")[0]
