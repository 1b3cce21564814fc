"""The spill as the writer sees it: what fails is told, and the log goes on."""

import logging
import threading
from collections.abc import Sequence
from pathlib import Path

from {{ cookiecutter.package_name }}_api.prediction_log.entries import (
    Entry,
    Packed,
    count_of,
    decoded,
)
from {{ cookiecutter.package_name }}_api.prediction_log.gathering import MOST_TOGETHER
from {{ cookiecutter.package_name }}_api.prediction_log.spill import Spill
from {{ cookiecutter.package_name }}_api.prediction_log.troubles import Signs

_log = logging.getLogger(__name__)
_FOLDER, _FILES = "spill folder unusable", "spill takes no more"


class Disk:
    """Entries that wait on the disk. A lock lets a stop save what a stuck writer cannot."""

    def __init__(self, folder: Path, most_bytes: int, signs: Signs) -> None:
        self._folder, self._most_bytes = folder, most_bytes
        self._counters, self._troubles = signs
        self._spill: Spill | None = None
        self._one = threading.Lock()

    @property
    def empty(self) -> bool:
        """Whether nothing waits there."""
        return self._spill is None or self._spill.empty

    @property
    def size(self) -> int:
        """Bytes that wait there."""
        return 0 if self._spill is None else self._spill.size

    @property
    def share(self) -> float:
        """How much of the room for them is used, from 0 to 1."""
        return self.size / max(self._most_bytes, 1)

    @property
    def behind(self) -> bool:
        """Whether more waits than what came since the last look."""
        return self._spill is not None and self._spill.complete

    def adopt(self) -> None:
        """Take over what processes that ended left, if they left any."""
        with self._one:
            try:
                files = self._opened().adopt()
            except OSError as error:
                self._troubles.note(_FOLDER, str(error))
                return
        self._troubles.settle(_FOLDER)
        if files:
            _log.info("prediction log: files of ended processes taken", extra={"files": files})

    def _opened(self) -> Spill:
        if self._spill is None:
            self._spill = Spill(self._folder, self._most_bytes)
        return self._spill

    def append(self, entries: Sequence[Packed]) -> bool:
        """Whether the disk took these entries."""
        with self._one:
            try:
                self._opened().append([entry.payload for entry in entries])
            except OSError as error:
                self._troubles.note(_FILES, str(error))
                return False
        self._troubles.settle(_FILES)
        self._counters.spilled.inc(count_of(entries))
        return True

    def spared(self) -> None:
        """Say that the store took what the disk could not: nothing is wrong until the next time."""
        self._troubles.settle(_FILES)

    def read(self, most: int) -> list[Entry] | None:
        """The oldest entries, with `most` requests or a few more.

        None of them where a file came to its end, which is then removed.

        None where there is nothing to read, or it cannot be read now.
        """
        if self._spill is None or self._spill.empty:
            return None
        with self._one:
            try:
                payloads, damaged = self._spill.read(1 + most // MOST_TOGETHER)
                if not payloads:
                    self._spill.forget()
            except OSError as error:
                self._troubles.note(_FILES, str(error))
                return None
        entries = []
        for payload in payloads:
            try:
                entries.append(decoded(payload))
            except ValueError:  # of another version of this program, say
                damaged += 1
        if damaged:
            self._counters.dropped("damaged", damaged)
            _log.warning("prediction log: damaged places passed over", extra={"places": damaged})
        return entries

    def again(self) -> None:
        """Let the same entries be read again."""
        if self._spill is not None:
            self._spill.again()

    def close(self) -> None:
        """Leave what waits to the next process."""
        if self._spill is not None:
            with self._one:
                self._spill.close()
