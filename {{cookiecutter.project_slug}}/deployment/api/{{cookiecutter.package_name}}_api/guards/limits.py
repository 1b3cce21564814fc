"""How often the owner of a key may ask."""

import mmap
import os
import re
from collections import defaultdict
from pathlib import Path
from time import monotonic
from typing import NamedTuple, Protocol, Self

from {{ cookiecutter.package_name }}.utils.words import counted

RATE_PATTERN = r"[1-9][0-9]{0,8}/(?:s|min|h)"
"""A number of requests and a length of time: `100/s`, `30/min`, `500/h`."""

_SECONDS = {"s": 1.0, "min": 60.0, "h": 3600.0}

_OWNERS = 65_536
"""Owners that processes can count together."""


class Rate(NamedTuple):
    """`requests` in each `seconds`, `burst` of them at once after a pause."""

    requests: int
    seconds: float
    burst: int

    @classmethod
    def of(cls, text: str, burst: str | None = None) -> Self:
        """Read `100/s`. Without a burst, all that one length of time allows may come at once."""
        if re.fullmatch(RATE_PATTERN, text) is None:
            raise ValueError(f"'{text}' is no rate: expected one such as 100/s, 30/min or 500/h")
        number, _, unit = text.partition("/")
        return cls(int(number), _SECONDS[unit], int(burst or number))

    def __str__(self) -> str:
        return f"{counted(self.requests, 'request')} in {self.seconds:g} s, {self.burst} at once"


class _Times(Protocol):
    """A time for each owner, by the owner's place; 0 where none was set."""

    def __getitem__(self, place: int) -> float: ...

    def __setitem__(self, place: int, at: float) -> None: ...


class Limiter:
    """A bucket of tokens for each owner: one number each, the time at which it is full again.

    Processes that are given the same folder count together, in a file there: the clock is the
    machine's. Two of them may now and then count two requests as one; none of them waits.
    """

    def __init__(self, folder: str | None = None) -> None:
        self._full_at: _Times = defaultdict(float) if folder is None else _shared(Path(folder))

    def wait(self, place: int, rate: Rate) -> float:
        """Take a token of the owner at this place; 0 where there was one, else seconds to wait."""
        place %= _OWNERS
        now = monotonic()
        step = rate.seconds / rate.requests
        most = step * rate.burst
        if self._full_at[place] > now + most:  # left there by a limit lower than this one
            self._full_at[place] = now + most
        full_at = max(self._full_at[place], now) + step
        late = full_at - now - most
        if late > 1e-9:
            return late
        self._full_at[place] = full_at
        return 0.0


def _shared(folder: Path) -> _Times:
    descriptor = os.open(folder / "limits", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        os.ftruncate(descriptor, _OWNERS * 8)  # the same by whoever comes first: zeros
        return memoryview(mmap.mmap(descriptor, _OWNERS * 8)).cast("d")
    finally:
        os.close(descriptor)
