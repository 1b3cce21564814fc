"""A lock that a process holds as long as it lives, however it ends."""

import os
import secrets
import sys
from contextlib import suppress
from pathlib import Path
from typing import IO

if sys.platform == "win32":
    import msvcrt

    def _lock(stream: IO[bytes]) -> None:
        msvcrt.locking(stream.fileno(), msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _lock(stream: IO[bytes]) -> None:
        fcntl.flock(stream.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)


class Lock:
    """A locked file; the system lets go of it when the process ends."""

    def __init__(self, path: Path, stream: IO[bytes]) -> None:
        self.path = path
        self._stream = stream

    @classmethod
    def made(cls, folder: Path) -> "Lock":
        """A new file with a name that no other has; OSError where it cannot be written."""
        name = f"{os.getpid()}-{secrets.token_hex(4)}"
        draft, path = folder / f"{name}.draft", folder / f"{name}.lock"
        stream = draft.open("wb")
        try:
            _lock(stream)
            if sys.platform == "win32":
                stream.close()  # an open file keeps its name there
            draft.rename(path)  # it appears locked: nobody can take it for a dead process's
            if sys.platform == "win32":
                stream = path.open("r+b")
                _lock(stream)
        except OSError:
            stream.close()
            raise
        return cls(path, stream)

    @classmethod
    def taken(cls, path: Path) -> "Lock | None":
        """The lock of a process that ended; None where it lives, or another one was faster."""
        try:
            stream = path.open("r+b")
        except OSError:
            return None
        try:
            _lock(stream)
            # Whoever had it a moment ago may be done with it, and have removed it.
            if os.fstat(stream.fileno()).st_nlink or sys.platform == "win32":
                return cls(path, stream)
        except OSError:
            pass
        stream.close()
        return None

    def release(self) -> None:
        """Remove the file and let go."""
        if sys.platform == "win32":
            self._stream.close()
        with suppress(OSError):
            self.path.unlink()
        self._stream.close()

    def leave(self) -> None:
        """Let go, and let another process take it."""
        self._stream.close()
