"""The last version that answered here, remembered beside its file.

Several processes of one service share the note: what one of them learnt from the registry, the
others need not ask. It also lets the service start while the registry is away.
"""

import hashlib
import logging
import os
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from pydantic import ValidationError

from {{ cookiecutter.package_name }}.integrations.stores import exists, tracking_uri, unavailable
from {{ cookiecutter.package_name }}.schemas.dataset import Record
from {{ cookiecutter.package_name }}.schemas.model import ServedVersion
from {{ cookiecutter.package_name }}.utils.files import sha256_of, write_text
from {{ cookiecutter.package_name }}_api.settings import Settings

_log = logging.getLogger(__name__)
_SQLITE = "sqlite:///"

_asked: dict[Path, float] = {}
"""When this process last asked the registry of a note: the disk may be full, or read-only."""


class Note(Record):
    """A version, its file with the digest that it had, and the store as it was when asked.

    `written` is in seconds since 1970.
    """

    version: ServedVersion
    path: Path
    sha256: str
    store: str | None = None
    written: float = 0.0

    def whole(self) -> bool:
        """Whether the file is still the one that answered."""
        return self.path.is_file() and sha256_of(self.path) == self.sha256


@dataclass(frozen=True)
class Kept:
    """The note of one registry, model and alias (or version number)."""

    note_path: Path
    uri: str

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Where the note of these settings lies, whether or not there is one."""
        from {{ cookiecutter.package_name }}.integrations.model_store import cached_path

        uri = tracking_uri(settings.mlflow_tracking_uri)
        # Another registry's version of the same number is another model.
        key = hashlib.sha256(f"{uri}\n{settings.reference}".encode()).hexdigest()[:16]
        folder = cached_path(settings.mlflow_model_name, "0").parent.parent
        return cls(folder / f"last-{key}.json", uri)

    def read(self) -> Note | None:
        """The note; None where there is none that can be read."""
        try:
            return Note.model_validate_json(self.note_path.read_bytes())
        except (OSError, ValidationError):
            return None

    def require_store(self) -> None:
        """TrackingUnavailable where a version came from a SQLite file that is no longer there.

        A registry that was never written to is another thing: it has no version to serve.
        """
        if exists(self.uri):
            return
        note = self.read()
        if note is not None and note.path.is_file():
            raise unavailable(self.uri, "its file is gone")

    def age(self) -> float:
        """Seconds since the registry was last asked by any process."""
        latest = self.asked()
        with suppress(OSError):
            latest = max(latest, self.note_path.stat().st_mtime)
        return time.time() - latest

    def asked(self) -> float:
        """When this process last asked the registry, in seconds since 1970; 0 if never."""
        return _asked.get(self.note_path, 0.0)

    def touch(self) -> None:
        """Say that the registry is being asked now, so that other processes need not."""
        _asked[self.note_path] = time.time()
        try:
            self.note_path.touch()
        except OSError as error:  # a missing note is worth a question more, not a failure
            _log.debug("no note to touch", extra={"reason": str(error)})

    def write(self, version: ServedVersion, path: Path, sha256: str, store: str | None) -> None:
        """Remember the version that answers; a disk that cannot take it is only told."""
        note = Note(version=version, path=path, sha256=sha256, store=store, written=time.time())
        try:
            write_text(self.note_path, note.model_dump_json())
        except OSError as error:
            _log.warning("the served version is not remembered", extra={"reason": str(error)})
            with suppress(OSError):  # the other processes cannot learn it here: they have to ask
                os.utime(self.note_path, (0, 0))

    def store_stamp(self) -> str | None:
        """What changes with every write to a SQLite store; None for a store that must be asked."""
        if not self.uri.startswith(_SQLITE):
            return None
        database = Path(self.uri.removeprefix(_SQLITE))
        found = []
        for file in (database, Path(f"{database}-wal")):
            try:
                stat = file.stat()
            except OSError:
                continue
            found.append(f"{stat.st_mtime_ns}:{stat.st_size}")
        return " ".join(found) or None
