"""Digests of bytes that come one block after the other, as stores state them."""

import base64
import hashlib
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

_READ_BYTES = 1 << 20


class Digest(Protocol):
    """What hashlib's objects can."""

    def update(self, block: bytes | memoryview, /) -> None:
        """Take the next bytes."""
        ...

    def digest(self) -> bytes:
        """Of all bytes so far."""
        ...


class _Crc32:
    """CRC-32 in the manner of hashlib."""

    def __init__(self) -> None:
        self._value = 0

    def update(self, block: bytes | memoryview, /) -> None:
        self._value = zlib.crc32(block, self._value)

    def digest(self) -> bytes:
        return self._value.to_bytes(4, "big")


class _OfParts:
    """The digest of the digests of parts, with as many bytes each as `sizes` says."""

    def __init__(self, new: Callable[[], Digest], sizes: list[int]) -> None:
        self._new = new
        self._whole = new()
        self._sizes = iter(sizes)
        self._begin()

    def _begin(self) -> None:
        self._part, self._left = self._new(), next(self._sizes, 0)

    def update(self, block: bytes | memoryview, /) -> None:
        view = memoryview(block)
        while len(view) > 0 and self._left:
            taken = view[: self._left]
            self._part.update(taken)
            self._left -= len(taken)
            view = view[len(taken) :]
            if not self._left:
                self._whole.update(self._part.digest())
                self._begin()

    def digest(self) -> bytes:
        return self._whole.digest()


def _hashed(name: str) -> Callable[[], Digest]:
    return lambda: hashlib.new(name, usedforsecurity=False)


_NEW: dict[str, Callable[[], Digest]] = {
    "md5": _hashed("md5"),
    "sha1": _hashed("sha1"),
    "sha256": _hashed("sha256"),
    "crc32": _Crc32,
}


@dataclass(frozen=True)
class Stated:
    """What a store says about an object: a digest of all bytes, or of the digests of its parts."""

    algorithm: str
    value: bytes
    sizes: tuple[int, ...] = ()

    @property
    def is_sha256(self) -> bool:
        """Whether it is the SHA-256 of all bytes."""
        return self.algorithm == "sha256" and not self.sizes

    def new(self) -> Digest:
        """A digest that has `value` in the end, if the bytes are the object's."""
        new = _NEW[self.algorithm]
        return _OfParts(new, list(self.sizes)) if self.sizes else new()

    def agrees(self, path: Path) -> bool:
        """Whether it is about the bytes of this file."""
        digest = self.new()
        for block in blocks(path):
            digest.update(block)
        return digest.digest() == self.value


def blocks(path: Path, start: int = 0, stop: int | None = None) -> Iterator[bytes]:
    """The bytes of a file, or of a part of it, a few at a time."""
    with path.open("rb") as stream:
        stream.seek(start)
        left = path.stat().st_size - start if stop is None else stop - start
        while left > 0 and (block := stream.read(min(left, _READ_BYTES))):
            yield block
            left -= len(block)


def of_text(text: str) -> bytes:
    """A digest out of the base64 that headers have; a number of parts after `-` is left out."""
    return base64.b64decode(text.partition("-")[0])
