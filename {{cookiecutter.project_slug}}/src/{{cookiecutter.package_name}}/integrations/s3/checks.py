"""Whether a file is what the store says that an object is.

A store gives one of these, and each is compared with the bytes on disk: a checksum (SHA-256,
SHA-1, CRC-32) or an ETag that is an MD5, each of the whole or of each uploaded part. Where keys
of KMS encrypt an object, and it was uploaded with no such checksum, there is none: then the size,
and the ETag that every request insists on, are all that is compared. CRC-32C and CRC-64/NVME are
passed over, since neither Python nor anything that is installed here computes them fast.
"""

import re
from pathlib import Path
from typing import Any

from {{ cookiecutter.package_name }}.integrations.s3.digests import Stated, of_text

_MD5 = re.compile(r"([0-9a-f]{32})(?:-(\d+))?")
"""Of a whole, or of so many parts."""
_CHECKSUMS = {"ChecksumSHA256": "sha256", "ChecksumSHA1": "sha1", "ChecksumCRC32": "crc32"}


def is_md5(etag: str, answer: dict[str, Any]) -> bool:
    """Whether an ETag is the MD5 of a whole content, which it is not with keys of KMS or own."""
    found = _MD5.fullmatch(etag)
    return found is not None and found[2] is None and _has_md5(answer)


def _has_md5(answer: dict[str, Any]) -> bool:
    plain = answer.get("ServerSideEncryption") in (None, "AES256")
    return plain and "SSECustomerAlgorithm" not in answer


class Checker:
    """Compares a file with what a store says about the object that it came from."""

    def __init__(self, client: Any, bucket: str, key: str, etag: str, size: int) -> None:
        self._client = client
        self._about = {"Bucket": bucket, "Key": key, "IfMatch": f'"{etag}"'}
        self._etag = etag
        self._size = size

    def stated(self) -> Stated | None:
        """What the store says, taking parts to be of one size; None where it says nothing.

        Raises botocore's ClientError where the object is gone or has become another.
        """
        head = self._head(ChecksumMode="ENABLED")
        for name, algorithm in _CHECKSUMS.items():
            if (text := head.get(name)) and head.get("ChecksumType") == "COMPOSITE":
                # The digest of digests, told by `-<parts>`.
                sizes = self._sizes(int(text.partition("-")[2] or 1))
                return Stated(algorithm, of_text(text), sizes) if sizes else self._by_etag(head)
            # Of older uploads in parts, where the type is not said.
            if text and "-" not in text:
                return Stated(algorithm, of_text(text))
        return self._by_etag(head)

    def _by_etag(self, head: dict[str, Any]) -> Stated | None:
        # In S3 Express, too, ETags are made of something else.
        if not _has_md5(head) or self._about["Bucket"].endswith("--x-s3"):
            return None
        if not (found := _MD5.fullmatch(self._etag)):
            return None
        value, count = bytes.fromhex(found[1]), int(found[2] or 0)
        if not count:
            return Stated("md5", value)
        sizes = self._sizes(count)
        return Stated("md5", value, sizes) if sizes else None

    def is_whole(self, path: Path, stated: Stated | None) -> bool:
        """Whether a file that did not agree with what was stated is whole after all.

        Parts may differ in size. Asking for each takes a request each: only if it matters.
        """
        if path.stat().st_size != self._size:
            return False
        if stated is None:
            return True
        if not stated.sizes:
            return False
        sizes = self._each(len(stated.sizes))
        return sizes != stated.sizes and Stated(stated.algorithm, stated.value, sizes).agrees(path)

    def _head(self, **options: Any) -> dict[str, Any]:
        head: dict[str, Any] = self._client.head_object(**self._about, **options)
        return head

    def _sizes(self, count: int) -> tuple[int, ...]:
        """The sizes of so many parts, guessed by the first; () where this store does not tell."""
        first = self._size_of_part(1)
        if first == self._size and count > 1:
            return ()
        if not first * (count - 1) < self._size <= first * count:
            return self._each(count)
        return (*[first] * (count - 1), self._size - first * (count - 1))

    def _each(self, count: int) -> tuple[int, ...]:
        return tuple(self._size_of_part(number) for number in range(1, count + 1))

    def _size_of_part(self, number: int) -> int:
        return int(self._head(PartNumber=number)["ContentLength"])
