"""Who knows the password, told by a cookie that only this process can make."""

import asyncio
import hashlib
import hmac
import secrets
import time
from http.cookies import CookieError, SimpleCookie

_HOURS = 12
_WRONG_SECONDS = 1.0
_MOST_WAITING = 8


class Sessions:
    """Lets in who knows the password, for twelve hours, or until the process ends."""

    def __init__(self, password: str, wrong_seconds: float = _WRONG_SECONDS) -> None:
        self._password = _digest(password)
        self._secret = secrets.token_bytes(32)
        self._wrong_seconds = wrong_seconds
        self._turn = asyncio.Lock()
        self._waiting = 0

    async def knows(self, password: str) -> bool | None:
        """Whether it is the password; None where too many guess at the same time.

        A wrong one costs a second, one after the other: guessing gets nobody in.
        """
        if hmac.compare_digest(_digest(password), self._password):
            return True
        if self._waiting >= _MOST_WAITING:
            return None
        self._waiting += 1
        try:
            async with self._turn:
                await asyncio.sleep(self._wrong_seconds)
        finally:
            self._waiting -= 1
        return False

    def ticket(self) -> str:
        """What a cookie holds: when it ends, and our signature."""
        until = f"{time.time() + _HOURS * 3600:.0f}.{secrets.token_hex(8)}"
        return f"{until}.{self._signed(until)}"

    def holds(self, ticket: str) -> bool:
        """Whether we made it, and it has not ended."""
        until, _, signature = ticket.rpartition(".")
        # The signature is compared first: what it signs was written here, so it can be read.
        whole = hmac.compare_digest(signature.encode(), self._signed(until).encode())
        return whole and float(until.partition(".")[0]) > time.time()

    def _signed(self, text: str) -> str:
        return hmac.new(self._secret, text.encode(), hashlib.sha256).hexdigest()


def _digest(password: str) -> bytes:
    """Of one length whatever the password's is, so that comparing tells nothing of it."""
    return hashlib.sha256(password.encode()).digest()


def cookie_of(header: str, name: str) -> str:
    """The value of one cookie of a request's `Cookie` header, "" where it has none."""
    try:
        found = SimpleCookie(header).get(name)
    except CookieError:
        return ""
    return found.value if found else ""
