"""An upload in parts: begun, or gone on with where a former one ended."""

import base64
import hashlib
import threading
import zlib
from typing import Any

from {{ cookiecutter.package_name }}.integrations.s3.checks import is_md5
from {{ cookiecutter.package_name }}.integrations.s3.errors import code_of
from {{ cookiecutter.package_name }}.integrations.s3.local import Described
from {{ cookiecutter.package_name }}.integrations.s3.parts import Piece, pieces, read

ALGORITHM = "CRC32"


def crc32(block: bytes) -> str:
    """The checksum of a block, as requests and answers spell it."""
    return base64.b64encode(zlib.crc32(block).to_bytes(4, "big")).decode()


def is_confirmed(answer: dict[str, Any], block: bytes, checksum: str) -> bool:
    """Whether a store's answer is about these bytes, by their CRC-32 or else by their MD5.

    An answer that has neither confirms nothing and refuses nothing.
    """
    if stated := answer.get("ChecksumCRC32"):
        return bool(stated == checksum)
    etag = str(answer.get("ETag", "")).strip('"')
    if not is_md5(etag, answer):
        return True
    return etag == hashlib.md5(block, usedforsecurity=False).hexdigest()


class Multipart:
    """One file on its way to the key `key`; its parts are sent by several threads."""

    def __init__(self, client: Any, bucket: str, key: str, file: Described) -> None:
        self.file = file
        self.key = key
        self.over = False
        self.pieces = pieces(file.local.size)
        self._client = client
        self._about: dict[str, Any] = {"Bucket": bucket, "Key": key}
        self._there: dict[int, dict[str, Any]] = {}
        self._parts: dict[int, dict[str, Any]] = {}
        self._lock = threading.Lock()

    def go_on(self, upload_id: str) -> None:
        """Take an unfinished upload of the same content for this one."""
        self._about["UploadId"] = upload_id
        try:
            for page in self._client.get_paginator("list_parts").paginate(**self._about):
                self._there |= {part["PartNumber"]: part for part in page.get("Parts", ())}
        except Exception as error:
            if code_of(error) != "NoSuchUpload":
                raise
            self.begin()

    def begin(self) -> None:
        """Begin anew."""
        self._about.pop("UploadId", None)
        answer = self._client.create_multipart_upload(**self._about, ChecksumAlgorithm=ALGORITHM)
        self._about["UploadId"] = answer["UploadId"]

    def send(self, piece: Piece) -> bool:
        """Send a part, unless the store has it; False where other bytes arrived."""
        block = read(self.file.local.path, piece)
        checksum = crc32(block)
        there = self._there.get(piece.number)
        if there is None or not self._is(there, block, checksum):
            there = self._client.upload_part(
                **self._about, PartNumber=piece.number, Body=block, ChecksumCRC32=checksum
            )
            if not is_confirmed(there, block, checksum):
                return False
        part = {"PartNumber": piece.number, "ETag": there["ETag"], "ChecksumCRC32": checksum}
        with self._lock:
            self._parts[piece.number] = part
        return True

    def _is(self, part: dict[str, Any], block: bytes, checksum: str) -> bool:
        """Whether a part that the store lists has these bytes: where that cannot be told, no."""
        told = "ChecksumCRC32" in part or is_md5(str(part["ETag"]).strip('"'), part)
        return part.get("Size") == len(block) and told and is_confirmed(part, block, checksum)

    def claim(self) -> bool:
        """Whether all parts have arrived; true for one thread alone, which completes them."""
        with self._lock:
            if len(self._parts) < len(self.pieces) or self.over:
                return False
            self.over = True
            return True

    def complete(self) -> None:
        """Make the parts an object."""
        parts = [self._parts[piece.number] for piece in self.pieces]
        self._client.complete_multipart_upload(**self._about, MultipartUpload={"Parts": parts})

    def abort(self) -> None:
        """Let the store forget the parts."""
        self._client.abort_multipart_upload(**self._about)
