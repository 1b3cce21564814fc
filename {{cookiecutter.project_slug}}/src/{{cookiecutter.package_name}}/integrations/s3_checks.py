"""Whether a file is what the store says that an object is.

A store gives one of these, and each is compared with the bytes on disk: a checksum of the whole
object (SHA-256, SHA-1, CRC-32), or an ETag that is an MD5, of the whole or of each uploaded part.
Where keys of KMS encrypt an object, and no checksum was asked for at its upload, there is none:
then the size, and the ETag that every request insists on, are all that can be compared.
"""

import base64
import hashlib
import re
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

_READ_BYTES = 1 << 20
_WHOLE_MD5 = re.compile(r"[0-9a-f]{32}")
_PARTS_MD5 = re.compile(r"[0-9a-f]{32}-(\d+)")


def _blocks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as stream:
        while block := stream.read(_READ_BYTES):
            yield block


def _crc32(path: Path) -> bytes:
    value = 0
    for block in _blocks(path):
        value = zlib.crc32(block, value)
    return value.to_bytes(4, "big")


def _hashed(name: str) -> Callable[[Path], bytes]:
    def digest(path: Path) -> bytes:
        with path.open("rb") as stream:
            return hashlib.file_digest(
                stream, lambda: hashlib.new(name, usedforsecurity=False)
            ).digest()

    return digest


_CHECKSUMS: dict[str, Callable[[Path], bytes]] = {
    "ChecksumSHA256": _hashed("sha256"),
    "ChecksumSHA1": _hashed("sha1"),
    "ChecksumCRC32": _crc32,
}


def _md5_of_parts(path: Path, sizes: list[int]) -> str:
    """The ETag that an upload in parts of these sizes gets."""
    whole = hashlib.md5(usedforsecurity=False)
    with path.open("rb") as stream:
        for size in sizes:
            part, left = hashlib.md5(usedforsecurity=False), size
            while left and (block := stream.read(min(left, _READ_BYTES))):
                part.update(block)
                left -= len(block)
            whole.update(part.digest())
    return f"{whole.hexdigest()}-{len(sizes)}"


def _has_md5(bucket: str, head: dict[str, Any]) -> bool:
    """Whether the ETag is made of MD5s: not with keys of KMS or one's own, nor in S3 Express."""
    plain = head.get("ServerSideEncryption") in (None, "AES256")
    return plain and "SSECustomerAlgorithm" not in head and not bucket.endswith("--x-s3")


class Checker:
    """Compares files with what a store says about the objects that they came from."""

    def __init__(self, client: Any, bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def is_whole(self, path: Path, key: str, etag: str) -> bool:
        """Whether the bytes of `path` are those of the object `key` with that ETag.

        Raises botocore's ClientError where the object is gone or has become another.
        """
        head = self._head(key, etag, ChecksumMode="ENABLED")
        if path.stat().st_size != head["ContentLength"]:
            return False
        if head.get("ChecksumType", "FULL_OBJECT") == "FULL_OBJECT":
            for name, digest in _CHECKSUMS.items():
                if stated := head.get(name):
                    # An upload in parts may have a checksum of checksums, told by `-<parts>`.
                    if "-" in stated:
                        break
                    return bool(base64.b64encode(digest(path)).decode() == stated)
        if not _has_md5(self._bucket, head):
            return True
        return self._has_etag(path, key, etag)

    def _head(self, key: str, etag: str, **options: Any) -> dict[str, Any]:
        head: dict[str, Any] = self._client.head_object(
            Bucket=self._bucket, Key=key, IfMatch=f'"{etag}"', **options
        )
        return head

    def _has_etag(self, path: Path, key: str, etag: str) -> bool:
        if _WHOLE_MD5.fullmatch(etag):
            return _hashed("md5")(path).hex() == etag
        if not (parts := _PARTS_MD5.fullmatch(etag)):
            return True
        count, size = int(parts[1]), path.stat().st_size
        first = self._size_of_part(key, etag, 1)
        if first * (count - 1) < size <= first * count:
            even = [first] * (count - 1) + [size - first * (count - 1)]
            if _md5_of_parts(path, even) == etag:
                return True
        # Parts may differ in size. Asking for each takes a request each: only if it matters.
        sizes = [self._size_of_part(key, etag, number) for number in range(1, count + 1)]
        return sum(sizes) != size or _md5_of_parts(path, sizes) == etag

    def _size_of_part(self, key: str, etag: str, number: int) -> int:
        return int(self._head(key, etag, PartNumber=number)["ContentLength"])
