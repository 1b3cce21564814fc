"""The thread that writes: from memory to the store, by way of the disk where that cannot keep up.

Order is kept: as long as anything waits on the disk, what is new goes there, too.
"""

import logging
import threading
from collections.abc import Callable
from time import monotonic, thread_time

from {{ cookiecutter.package_name }}_api.prediction_log.disk import Disk
from {{ cookiecutter.package_name }}_api.prediction_log.entries import Packed, count_of, decoded
from {{ cookiecutter.package_name }}_api.prediction_log.gathering import MOST_TOGETHER
from {{ cookiecutter.package_name }}_api.prediction_log.pace import LEAST_SHARE, PRESSED, Pace
from {{ cookiecutter.package_name }}_api.prediction_log.queue import Queue
from {{ cookiecutter.package_name }}_api.prediction_log.stored import Stored
from {{ cookiecutter.package_name }}_api.prediction_log.troubles import Signs

_log = logging.getLogger(__name__)

GATHER_SECONDS = 0.1
"""What came in this time is written together: a killed process loses it, what was not packed yet,
and what the present slice holds."""

FLUSH_SECONDS = 3.0
"""How long a stop may take to write; what is left then goes to the disk."""

QUEUE = "queue full"
_START_SECONDS = 0.5
_LOOK_SECONDS = 60.0
_MOST_GATHERED = 10_000
"""Requests in one write to a store that wants much at a time."""
_MOST_MOVED = 1000, 1 << 21, MOST_TOGETHER
"""Requests, bytes, and requests that are not packed yet: put on the disk at once. What is packed
already costs next to nothing."""
_WAITING_SHARE = 0.25
"""So full is the disk before what it holds goes to the store in spite of waiting requests."""


class Writer:
    """Runs in one thread until told to stop."""

    def __init__(
        self,
        queue: Queue,
        disk: Disk,
        stored: Stored,
        signs: Signs,
        some: threading.Event,
        waiting: Callable[[], float],
    ) -> None:
        self.held: list[Packed] = []
        """Taken from the queue, and neither in the store nor on the disk yet."""
        self.stopping = threading.Event()
        self._queue, self._disk, self._stored = queue, disk, stored
        self._signs, self._some = signs, some
        self._pace = Pace(waiting)
        self.next_replay = 0.0
        """When what is on the disk goes to the store though requests need the processor."""
        self._deferred = False
        self._next_look = 0.0

    def run(self) -> None:
        """Write until told to stop, then once more."""
        # The store's libraries are imported by this thread: the first requests go before.
        self.stopping.wait(_START_SECONDS)
        while not self.stopping.is_set():
            try:
                self._turn()
            except Exception:  # whatever it is, the writing goes on
                _log.exception("defect")
                self.stopping.wait(1.0)
            self._some.wait(self._patience())
            self.stopping.wait(GATHER_SECONDS)
            self._some.clear()
        self._end()

    def _patience(self) -> float:
        stored = self._stored
        if stored.there and self._disk.empty and not self.held:
            return _LOOK_SECONDS
        due = stored.next_write if stored.there else stored.next_try
        return min(max(0.1, due - monotonic()), _LOOK_SECONDS)

    def _turn(self) -> None:
        """Slice by slice, as long as there is something and somewhere to put it."""
        now = monotonic()
        if now >= self._next_look:
            self._next_look = now + _LOOK_SECONDS
            self._disk.adopt()
        pace = self._pace
        pace.look()
        while (done := self.slice(pace.entries)) and not self.stopping.is_set():
            self._show()
            rest = pace.rest(done, self._queue.pressure, deferred=self._deferred)
            self.stopping.wait(rest)
        self._show()

    def _show(self) -> None:
        self._signs.counters.waiting.set(len(self._queue) + count_of(self.held))
        self._signs.counters.spill_bytes.set(self._disk.size)
        if self._queue.pressure <= PRESSED:
            self._signs.troubles.settle(QUEUE)

    def slice(self, most: int) -> int:
        """One slice of work; how many entries went on, 0 where there is nothing to do now."""
        up = self._stored.up()
        self._deferred = False
        if up and self._disk.empty and not self._by_disk():
            return self._written(most)
        moved = self._moved()
        if self.held:  # the disk cannot take them
            return self._written(most) if up else 0
        self._deferred = self._pace.busy or not up
        if not up or self._later(moved):
            return moved
        return moved + self._replayed(_MOST_GATHERED if self._stored.gathers else most)

    def _by_disk(self) -> bool:
        """Whether the disk, which is quicker, is to take what comes now."""
        if self.stopping.is_set():
            return False
        pressed = self._queue.pressure > PRESSED
        return pressed or self._pace.busy or self._stored.gathers

    def _later(self, moved: int) -> bool:
        """Whether what is on the disk can wait: for memory, for the requests, or for more."""
        if self.stopping.is_set():
            return False
        if moved and self._queue.pressure > PRESSED:
            return True
        now = monotonic()
        early = self._stored.gathers and now < self._stored.next_write
        rests = self._pace.busy and now < self.next_replay
        return (early or rests) and self._disk.share < _WAITING_SHARE

    def _written(self, most: int) -> int:
        began = thread_time()
        self.held = self.held or self._queue.take(most)
        packed = self.held[: 1 + most // MOST_TOGETHER]
        # Where the store is away, the next slice finds them held and puts them on the disk.
        if packed and self._stored.write([decoded(each.payload) for each in packed]):
            self.held = self.held[len(packed) :]
            self._disk.spared()
        self._pace.resize(count_of(packed), thread_time() - began)
        return count_of(packed)

    def _moved(self) -> int:
        packed = self.held = self.held or self._queue.take(*_MOST_MOVED)
        if not packed or not self._disk.append(packed):
            return 0
        self.held = []
        return count_of(packed)

    def _replayed(self, most: int) -> int:
        began = thread_time()
        done = self._replay(most)
        spent = thread_time() - began
        self._pace.resize(done, spent)
        self.next_replay = monotonic() + spent / LEAST_SHARE
        return done

    def _replay(self, most: int) -> int:
        entries = self._disk.read(most)
        if not entries and not self._disk.behind:
            self._stored.has_all()
        if entries is None:
            return 0
        if entries and not self._stored.write(entries):
            self._disk.again()
        return count_of(entries) or 1  # the end of a file, after which there may be another

    def _end(self) -> None:
        deadline = monotonic() + FLUSH_SECONDS
        while monotonic() < deadline and self._stored.up() and self.slice(500):
            pass
        self.save()
        self._show()
        self._stored.close()
        self._disk.close()

    def save(self) -> None:
        """Put what waits in memory on the disk; what that cannot take is lost, and counted."""
        while self._moved():
            pass
        if lost := count_of(self.held) + len(self._queue):
            self._signs.counters.dropped("stopped", lost)
            _log.error("prediction log: lost at the stop", extra={"entries": lost})
