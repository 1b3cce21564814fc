"""Ids of entries: a store that is given one again knows that it has it."""

import os
import time


class _Ids:
    """Belongs to one thread, the event loop's."""

    def __init__(self) -> None:
        # Random numbers once, not each time: no two processes have the same.
        self._process = os.urandom(6).hex()
        self._used = 0

    def __call__(self, entries: int = 1) -> str:
        """The id of the first of so many entries; `following` has the others'.

        A UUID in hex. It begins with the time, so that a store's index grows at its end.
        """
        first, self._used = self._used, (self._used + entries) & _MOST
        return f"{int(time.time() * 1000):012x}{self._process}{first:08x}"


new_id = _Ids()
_MOST = 0xFFFFFFFF


def following(first: str, entries: int) -> list[str]:
    """The ids of so many entries, from the first one's on."""
    same, number = first[:-8], int(first[-8:], 16)
    return [f"{same}{(number + place) & _MOST:08x}" for place in range(entries)]
