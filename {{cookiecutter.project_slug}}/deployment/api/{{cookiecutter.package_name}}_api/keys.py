"""Keys that clients and operators show, of which only digests are kept.

`python -m <this module> NAME` makes one: the key for its owner, the line for the file.
"""

import hashlib
import hmac
import logging
import re
import secrets
import sys
from collections.abc import Iterable
from pathlib import Path
from time import monotonic

from starlette.types import Scope

from {{ cookiecutter.package_name }}.schemas.errors import ConfigError
from {{ cookiecutter.package_name }}_api.guards.limits import RATE_PATTERN, Rate

_log = logging.getLogger(__name__)
_LINE = re.compile(
    r"([\w.@-]{1,64})\s+([0-9a-f]{64})"
    r"(?:\s+rate=(" + RATE_PATTERN + r")(?:\s+burst=([1-9][0-9]{0,8}))?)?"
)
_LOOK_SECONDS = 1.0
WHERE = "in `Authorization: Bearer KEY` or `X-API-Key: KEY`"
"""Where a request shows a key."""
_MODULE = "{{ cookiecutter.package_name }}_api.keys"


def digest_of(key: str) -> str:
    """What a file keeps of a key. Keys are random and long: no slow digest is needed."""
    return hashlib.sha256(key.encode()).hexdigest()


class KeyFile:
    """The keys of a file: a line each, `name digest`; `#` begins a comment.

    A line may end in how often its owner may ask, `rate=100/s burst=200`; of several lines of one
    owner the last that says it counts.

    The file is read again when it changes, so keys come and go without a restart. One that
    cannot be read then is told by the log, and the former keys stay until it can. An owner may
    have several keys, so that a new one is known before the old one goes.
    """

    def __init__(self, path: Path) -> None:
        """Read the file; ConfigError where there is none, or a line cannot be used."""
        self._path = path
        self._looked = monotonic()
        self._told: str | None = None
        self._stamp = self._stamped()
        self._keys, self._rates = self._read()
        self._places = self._placed()

    def _stamped(self) -> tuple[int, ...] | None:
        try:
            stat = self._path.stat()
        except OSError:
            return None
        return stat.st_mtime_ns, stat.st_ctime_ns, stat.st_size, stat.st_ino

    def _read(self) -> tuple[list[tuple[str, bytes]], dict[str, Rate]]:
        try:
            lines = self._path.read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigError(f"The keys in '{self._path}' cannot be read: {error}.") from error
        keys: list[tuple[str, bytes]] = []
        rates: dict[str, Rate] = {}
        for number, line in enumerate(lines, start=1):
            words = line.partition("#")[0].strip()
            found = _LINE.fullmatch(words)
            if words and found is None:
                raise ConfigError(
                    f"Line {number} of '{self._path}' is not a key: expected a name, the key's "
                    "SHA-256 in hex and, if its owner has a limit, rate=100/s burst=200."
                )
            if found is not None:
                keys.append((found[1], found[2].encode()))
                if found[3]:
                    rates[found[1]] = Rate.of(found[3], found[4])
        return keys, rates

    def _placed(self) -> dict[str, int]:
        owners = dict.fromkeys(name for name, _ in self._keys)
        return {name: place for place, name in enumerate(owners)}

    def _refresh(self) -> None:
        if monotonic() - self._looked < _LOOK_SECONDS:
            return
        self._looked = monotonic()
        if (stamp := self._stamped()) == self._stamp:
            return
        try:
            self._keys, self._rates = self._read()
            self._places = self._placed()
        except ConfigError as error:
            self._tell(str(error))
        else:
            # Only now: a file that could not be read is tried again although nobody writes to it.
            self._stamp, self._told = stamp, None
            _log.info("keys read again", extra={"keys": len(self._keys)})

    def _tell(self, reason: str) -> None:
        if reason != self._told:
            _log.error("keys not read again", extra={"reason": reason})
        self._told = reason

    def owner(self, key: str | None) -> str | None:
        """The name of the key's owner; None for a key that is not in the file.

        Takes the same time for every key, right or wrong.
        """
        self._refresh()
        shown = digest_of(key or "").encode()
        owner = None
        for name, digest in self._keys:
            if hmac.compare_digest(shown, digest):
                owner = name
        return owner if key else None

    def rate_of(self, owner: str) -> Rate | None:
        """How often this owner may ask; None where the file does not say."""
        return self._rates.get(owner)

    def place_of(self, owner: str) -> int:
        """The owner's number, from 0: the same to every process that read the file."""
        return self._places[owner]


def shown_key(headers: Iterable[tuple[bytes, bytes]]) -> str | None:
    """The key of `Authorization: Bearer …` or `X-API-Key: …`."""
    for name, value in headers:
        if name == b"x-api-key":
            return value.decode("latin-1").strip()
        if name == b"authorization" and value[:7].lower() == b"bearer ":
            return value[7:].decode("latin-1").strip()
    return None


def owner_in(scope: Scope, keys: KeyFile) -> str | None:
    """Whose key a request shows."""
    return keys.owner(shown_key(scope["headers"]))


def main(arguments: list[str]) -> int:
    """Print a new key and its line."""
    usage = f"usage: python -m {_MODULE} NAME (letters, digits, . _ @ and, not at first, -)"
    if arguments in (["-h"], ["--help"]):
        print(f"{usage}\n\nPrints a new key for its owner, and the line for the file of keys.")
        return 0
    if len(arguments) != 1 or not re.fullmatch(r"(?!-)[\w.@-]{1,64}", arguments[0]):
        print(usage, file=sys.stderr)
        return 2
    key = secrets.token_urlsafe(32)
    print(f"key, for its owner alone: {key}")
    print(f"line, for the file:       {arguments[0]} {digest_of(key)}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
