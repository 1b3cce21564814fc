"""The line of log that each request leaves, written where no request waits for it."""

import logging
import threading
import time
from collections import deque
from collections.abc import Sequence
from typing import NamedTuple

from {{ cookiecutter.package_name }}.logging.lines import Lines, Said

_log = logging.getLogger(__name__)

_MOST_KEPT = 20_000
"""Lines that wait to be written; where the reader of the log is slower, the oldest are lost."""

_GATHER_SECONDS = 0.05

_TOGETHER, _PAUSE_SECONDS = 100, 0.002
"""Lines in one piece: this thread keeps Python's lock until it is written, and then lets requests
go first."""


class Line(NamedTuple):
    """One answered request; `at` is the time of its end, in seconds since 1970."""

    at: float
    level: int
    what: str
    status: int
    milliseconds: float
    request_id: str
    trace_id: str
    owner: str | None = None
    """Of the key that was shown, by the file of keys."""


class AccessLog:
    """Keeps lines until a thread of its own has written them.

    Without `start`, and after `stop`, a line is written at once.
    """

    def __init__(self) -> None:
        self._lines: deque[Line] = deque(maxlen=_MOST_KEPT)
        self._lost = 0
        self._some = threading.Event()
        self._stopping = threading.Event()
        self._writing = threading.Lock()
        self._thread: threading.Thread | None = None

    def note(self, line: Line) -> None:
        """Take a line."""
        self._lost += len(self._lines) == _MOST_KEPT
        self._lines.append(line)
        if self._thread is None:
            self.flush()
        elif not self._some.is_set():
            self._some.set()

    def start(self) -> None:
        """Write in a thread from now on."""
        self._stopping.clear()
        self._thread = threading.Thread(target=self._write, name="access-log", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Write what is left, then end the thread."""
        thread, self._thread = self._thread, None
        self._stopping.set()
        self._some.set()
        if thread is not None:
            thread.join(5)  # a log that nobody reads does not keep the service alive
            if not thread.is_alive():
                self.flush()

    def _write(self) -> None:
        while not self._stopping.is_set():
            self._some.wait()
            # Many lines are one turn of this thread: each turn takes Python's lock from requests.
            self._stopping.wait(_GATHER_SECONDS)
            self._some.clear()
            self.flush()

    def flush(self) -> None:
        """Write what has come so far."""
        with self._writing:
            lost, self._lost = self._lost, 0
            if lost:
                _log.warning("lines lost", extra={"lines": lost})
            left = len(self._lines)
            while left:
                some = [self._lines.popleft() for _ in range(min(left, _TOGETHER))]
                left -= len(some)
                _write(some)
                if left:
                    self._stopping.wait(_PAUSE_SECONDS)


def _write(some: Sequence[Line]) -> None:
    lines = Lines.alone(_log)
    if lines is not None:
        lines.write([_said(line) for line in some])
        return
    for line in some:  # another's handler takes records
        _write_record(line)


def _said(line: Line) -> Said:
    extras: dict[str, object] = {
        "status": line.status,
        "duration_ms": round(line.milliseconds, 2),
        "request_id": line.request_id,
        "trace_id": line.trace_id,
    }
    if line.owner is not None:
        extras["owner"] = line.owner
    return Said(line.at, logging.getLevelName(line.level), _log.name, line.what, extras)


def _write_record(line: Line) -> None:
    said = _said(line)
    record = _log.makeRecord(
        said.logger, line.level, "", 0, said.message, (), None, extra=said.extras
    )
    record.created, record.msecs = said.at, said.at % 1 * 1000
    _log.handle(record)


def enabled(level: int) -> bool:
    """Whether lines of this level are written at all."""
    return _log.isEnabledFor(level)


def line(
    level: int,
    what: str,
    status: int,
    seconds: float,
    request_id: str,
    trace_id: str,
    owner: str | None = None,
) -> Line:
    """The line of a request that ended now."""
    return Line(time.time(), level, what, status, seconds * 1000, request_id, trace_id, owner)
