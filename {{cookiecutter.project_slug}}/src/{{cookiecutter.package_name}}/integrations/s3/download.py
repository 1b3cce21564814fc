"""One object on its way to one file.

A part that has arrived is noted beside the file that is being made. That file is named for the
object's ETag, so a run that comes later goes on with it if, and only if, the object is the same;
and for what it becomes, since one object may become several files.
"""

import hashlib
import threading
from pathlib import Path

from {{ cookiecutter.package_name }}.integrations.s3.checks import Checker
from {{ cookiecutter.package_name }}.integrations.s3.client import StoredObject
from {{ cookiecutter.package_name }}.integrations.s3.digests import Digest, Stated, blocks
from {{ cookiecutter.package_name }}.integrations.s3.parts import Piece, part_bytes, pieces


class Download:
    """A file whose parts are fetched by several threads.

    Its digests are computed while it comes, of as much as is there without a gap.
    """

    def __init__(self, item: StoredObject, unfinished: Path, checker: Checker) -> None:
        state = f"{item.key} {item.etag} {item.size} {part_bytes(item.size)} {item.name}"
        self.item = item
        self.path = unfinished / hashlib.sha256(state.encode()).hexdigest()[:24]
        self._checker = checker
        self._noted = self.path.with_suffix(".parts")
        self._noting, self._hashing = threading.Lock(), threading.Lock()
        self._all = pieces(item.size)
        self._there = self._open()
        self._followed = 0
        self._asked = False
        self._sha256 = hashlib.sha256()
        self._stated: Stated | None = None
        self._second: Digest | None = None

    @property
    def missing(self) -> list[Piece]:
        """The parts that are not there yet."""
        return [piece for piece in self._all if piece.start not in self._there]

    @property
    def sha256(self) -> str:
        """Of the whole file, once `is_whole` was asked."""
        return self._sha256.hexdigest()

    def _open(self) -> set[int]:
        """The first bytes of the parts that are there; makes the file if it is new."""
        if not self.path.is_file() or not self._noted.is_file():
            self._noted.write_text("")
            self.path.write_bytes(b"")
        noted = set(self._noted.read_text(errors="replace").split("\n"))
        return {piece.start for piece in self._all if _note(piece) in noted}

    def arrived(self, piece: Piece) -> bool:
        """Note a part; whether it was the last that was missing."""
        with self._noting:
            # The newline comes first: a line that a crash cut short spoils no other.
            with self._noted.open("a") as stream:
                stream.write(f"\n{_note(piece)}")
            self._there.add(piece.start)
            return len(self._there) == len(self._all)

    def follow(self) -> None:
        """Compute digests as far as parts have come, unless another thread does."""
        if self._hashing.acquire(blocking=False):
            try:
                self._follow()
            finally:
                self._hashing.release()

    def _follow(self) -> None:
        if not self._asked and self.item.sha256 is None:
            self._asked = True
            self._stated = self._checker.stated()
            known = self._stated is not None and self._stated.is_sha256
            self._second = self._stated.new() if self._stated and not known else None
        while self._followed < len(self._all):
            piece = self._all[self._followed]
            if piece.start not in self._there:
                return
            for block in blocks(self.path, piece.start, piece.stop):
                self._sha256.update(block)
                if self._second is not None:
                    self._second.update(block)
            self._followed += 1

    def is_whole(self) -> bool:
        """Whether all bytes are those of the object, once all have arrived.

        Raises botocore's ClientError where the object is gone or has become another.
        """
        with self._hashing:
            self._follow()
        if self.path.stat().st_size != self.item.size:
            return False
        if self.item.sha256 is not None:
            return self.sha256 == self.item.sha256
        if self._stated is not None:
            found = self._second or self._sha256
            if found.digest() == self._stated.value:
                return True
        return self._checker.is_whole(self.path, self._stated)

    def discard(self) -> None:
        """Forget all that has arrived."""
        self.path.unlink(missing_ok=True)
        self._noted.unlink(missing_ok=True)

    def finish(self, target: Path) -> None:
        """The file takes its place among the others."""
        target.parent.mkdir(parents=True, exist_ok=True)
        self.path.replace(target)
        self._noted.unlink()


def _note(piece: Piece) -> str:
    """The line for a part that is there; cut short, it is that of no part."""
    return f"{piece.start}-{piece.stop}"
