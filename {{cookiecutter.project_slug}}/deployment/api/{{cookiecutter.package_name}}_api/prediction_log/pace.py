"""The writer takes what the requests leave of the processor, and little where they leave none."""

from collections.abc import Callable
from time import monotonic, process_time, thread_time

LEAST_SHARE = 0.01
"""Of one core, and so of the requests a second, under full load."""

_MOST_SHARE = 0.8
_LONGEST_REST = 0.5
_FULL = 0.75
_LATE_SECONDS = 0.004
"""Requests that wait for longer than one slice wait for more than this writer."""

PRESSED, _PRESSED_SHARE = 0.125, 0.2
"""How full the queue is when it should go to the disk, for memory is for peaks; what that takes of
a core is hardly ever so much. Where the disk is full, what the store cannot take in it is lost."""

_GATHER_SECONDS = 0.05
"""Where nothing is left, more is waited for: each turn costs something, whatever it does."""

SLICE_SECONDS = 0.001
"""Work between two rests: for so long a request may wait for Python's lock."""


class Pace:
    """Says how long to rest after a slice of work, and how large the next one may be.

    Python runs one thread at a time: a second that the writer works is one in which no request
    is answered. Belongs to one thread.
    """

    def __init__(self, waiting: Callable[[], float]) -> None:
        """`waiting` says for how many seconds a request waits for its turn now."""
        self.entries = 16
        """How many entries make a slice."""
        self.busy = False
        """Whether requests need the processor: what can be done later should be."""
        self._waiting = waiting
        self._others = 0.0
        self._wall, self._process, self._own = monotonic(), process_time(), thread_time()

    def look(self) -> float:
        """See what the others took since the last look; seconds of own work in that time."""
        wall, process, own = monotonic(), process_time(), thread_time()
        spent = own - self._own
        others = max(0.0, process - self._process - spent) / max(wall - self._wall, 1e-6)
        self._wall, self._process, self._own = wall, process, own
        self._others = others
        # What the process uses of a processor tells little where others use it, too.
        self.busy = others > _FULL or self._waiting() > _LATE_SECONDS
        return spent

    def rest(self, done: int, pressure: float, *, deferred: bool = False) -> float:
        """Seconds to stay away after `done` entries; at a `pressure` of 1 the queue is full.

        `deferred`: they were only put on the disk, which costs little.
        """
        spent = self.look()
        share = LEAST_SHARE if self.busy else max(LEAST_SHARE, _MOST_SHARE - self._others)
        pressed = pressure > PRESSED
        if pressed or deferred:
            share = max(share, _PRESSED_SHARE)
        more = pressed or (done >= self.entries and not deferred)
        least = 0.0 if more else _GATHER_SECONDS
        return min(max(spent / share - spent, least), _LONGEST_REST)

    def resize(self, done: int, spent: float) -> None:
        """Learn from a slice of `done` entries for the store, which took so many seconds."""
        if done < self.entries and spent <= SLICE_SECONDS:
            return  # it was small because there was no more
        factor = min(2.0, max(0.5, SLICE_SECONDS / max(spent, 1e-6)))
        self.entries = min(2000, max(1, int(self.entries * factor + 0.5)))
