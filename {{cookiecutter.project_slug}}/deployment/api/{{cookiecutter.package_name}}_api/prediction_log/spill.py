"""Files that hold what cannot be written to the store yet.

Each process writes files of its own, `<process>-<number>.spill`, beside a lock that ends with it.
Files of a process that ended are read by the one living process that takes that lock.

What is appended is the system's at once, so that a killed process loses none of it; a complete
file is also on the disk (fsync). Losing power may cost what the last file holds.
"""

import os
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from {{ cookiecutter.package_name }}_api.prediction_log.frames import Frames, framed
from {{ cookiecutter.package_name }}_api.prediction_log.locks import Lock

SEGMENT_BYTES = 1 << 20
"""A file of this size is complete: one is read into memory as a whole."""

_PARTS = 1000
"""So many the system takes in one call."""


class SpillFull(OSError):
    """The files hold as much as they may."""


@dataclass
class _Reading:
    frames: Frames
    before: int = 0


class Spill:
    """A first-in-first-out queue on the disk. Not for several threads at once.

    `most_bytes` bounds what this process appends. OSError where the folder cannot be written.
    """

    def __init__(self, folder: Path, most_bytes: int) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder, self._most_bytes = folder, most_bytes
        self._lock = Lock.made(folder)
        self._adopted: list[Lock] = []
        self._complete: deque[tuple[Path, int]] = deque()
        self._bytes = 0
        self._number = 0
        self._tail: BinaryIO | None = None
        self._tail_bytes = 0
        self._reading: _Reading | None = None

    @property
    def size(self) -> int:
        """Bytes in files, of this process and of those that it replaces."""
        return self._bytes + self._tail_bytes

    @property
    def empty(self) -> bool:
        """Whether nothing waits here."""
        return self._reading is None and not self._complete and not self._tail_bytes

    @property
    def complete(self) -> bool:
        """Whether there is a file to which nothing is added any more."""
        return bool(self._complete)

    def adopt(self) -> int:
        """Take over the files of processes that ended; says how many files."""
        known = {self._lock.path, *(lock.path for lock in self._adopted)}
        files = 0
        for path in sorted(self._folder.glob("*.lock")):
            if path in known or (lock := Lock.taken(path)) is None:
                continue
            found = [(file, file.stat().st_size) for file in _files_of(path)]
            files += len(found)
            # What is older goes first, and an entry of theirs is older than what comes now; but the
            # first file stays the one that is being read.
            first = [self._complete.popleft()] if self._reading else []
            self._complete.extendleft(reversed([*first, *found]))
            self._bytes += sum(size for _, size in found)
            self._adopted.append(lock)
        return files

    def append(self, payloads: Sequence[bytes]) -> None:
        """Add entries, all or none. SpillFull at the bound, OSError where the disk is full."""
        parts = framed(payloads)
        size = sum(map(len, parts))
        if self.size + size > self._most_bytes:
            raise SpillFull(f"{self.size} of {self._most_bytes} bytes are used")
        if self._tail is None:
            self._number += 1
            self._tail = self._file(self._number).open("wb", buffering=0)
        self._add(self._tail, parts)
        self._tail_bytes += size
        if self._tail_bytes >= SEGMENT_BYTES:
            self._end_tail()

    def _add(self, tail: BinaryIO, parts: list[bytes]) -> None:
        try:
            for start in range(0, len(parts), _PARTS):
                _write(tail, parts[start : start + _PARTS])
        except OSError:
            # Half an entry would hide the next one's beginning from no reader, but it takes room.
            tail.truncate(self._tail_bytes)
            tail.seek(self._tail_bytes)
            raise

    def _file(self, number: int) -> Path:
        return self._folder / f"{self._lock.path.stem}-{number:08}.spill"

    def _end_tail(self) -> None:
        tail, self._tail = self._tail, None
        if tail is None:
            return
        with suppress(OSError):  # a full disk may say so only now; the next reader finds what is
            os.fsync(tail.fileno())
        tail.close()
        self._complete.append((Path(tail.name), self._tail_bytes))
        self._bytes += self._tail_bytes
        self._tail_bytes = 0

    def read(self, most: int) -> tuple[list[bytes], int]:
        """The oldest entries, and how many damaged places were passed over to find them.

        They stay until `forget` says that all that was read is stored: none of them means that
        a file is read to its end.
        """
        if self._reading is None:
            if not self._complete:
                self._end_tail()
            if not self._complete:
                return [], 0
            self._reading = _Reading(Frames(_content(self._complete[0][0])))
        frames = self._reading.frames
        self._reading.before, damaged = frames.at, frames.damaged
        return frames.take(most), frames.damaged - damaged

    def forget(self) -> None:
        """Remove the file that was read to its end: all that it held is stored."""
        if self._reading is None:
            return
        path, size = self._complete.popleft()
        self._reading = None
        self._bytes -= size
        path.unlink(missing_ok=True)
        if not self._complete:
            self._release_adopted()

    def again(self) -> None:
        """Read the same entries again: the store did not take them."""
        if self._reading is not None:
            self._reading.frames.at = self._reading.before

    def _release_adopted(self) -> None:
        while self._adopted:
            self._adopted.pop().release()

    def close(self) -> None:
        """Leave what waits to the next process; leave nothing where nothing waits."""
        self._end_tail()
        waiting = {path.name.rpartition("-")[0] for path, _ in self._complete}
        for lock in (self._lock, *self._adopted):
            if lock.path.stem in waiting:
                lock.leave()
            else:
                lock.release()


def _write(tail: BinaryIO, parts: list[bytes]) -> None:
    written = os.writev(tail.fileno(), parts) if hasattr(os, "writev") else 0
    rest = memoryview(b"".join(parts))[written:] if written < sum(map(len, parts)) else b""
    while rest:
        rest = rest[tail.write(rest) :]


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b"?"  # somebody removed it: that counts as a damaged place


def _files_of(lock: Path) -> list[Path]:
    return sorted(lock.parent.glob(f"{lock.stem}-*.spill"))
