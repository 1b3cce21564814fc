"""Files become objects: in parts, several at a time, and where a former run stopped.

An object is named for its content, so whoever finds it there need not send it, and two who send
it at once send the same.
"""

import hashlib
from collections.abc import Sequence
from typing import Any

from {{ cookiecutter.package_name }}.integrations.s3.client import object_at
from {{ cookiecutter.package_name }}.integrations.s3.errors import code_of, refusal, told
from {{ cookiecutter.package_name }}.integrations.s3.local import Described
from {{ cookiecutter.package_name }}.integrations.s3.manifest import FILES
from {{ cookiecutter.package_name }}.integrations.s3.multipart import Multipart, crc32, is_confirmed
from {{ cookiecutter.package_name }}.integrations.s3.parts import PART_BYTES, Piece, changed, read
from {{ cookiecutter.package_name }}.integrations.s3.place import UPLOAD, Place
from {{ cookiecutter.package_name }}.integrations.s3.progress import Tell
from {{ cookiecutter.package_name }}.integrations.s3.threads import Threads, threads


class Sender:
    """Sends files to a folder of a bucket; `tell` hears how many bytes are there."""

    def __init__(self, client: Any, place: Place, folder: str, tell: Tell) -> None:
        self._client = client
        self._place = place
        self._folder = folder
        self._tell = tell

    def send(self, files: Sequence[Described], workers: int) -> None:
        """Send each file, all bytes of it confirmed by the store.

        Raises DataError or DataNotFound at the first that fails; the parts of the others that
        arrived are found by the next run.
        """
        large = [file for file in files if file.entry.size > PART_BYTES]
        unfinished = self._unfinished() if large else {}
        with threads(workers) as crew:
            for file in files:
                key = f"{self._folder}{file.entry.key}"
                if file.entry.size <= PART_BYTES:
                    crew.begin(self._send_whole, file, key)
                    continue
                upload = Multipart(self._client, self._place.bucket, key, file)
                with told(self._place.at(key), UPLOAD):
                    if key in unfinished:
                        upload.go_on(unfinished[key])
                    else:
                        upload.begin()
                for piece in upload.pieces:
                    crew.begin(self._send_part, crew, upload, piece)

    def _unfinished(self) -> dict[str, str]:
        """The latest unfinished upload of each key."""
        with told(self._place, UPLOAD):
            pages = self._client.get_paginator("list_multipart_uploads").paginate(
                Bucket=self._place.bucket, Prefix=f"{self._folder}{FILES}"
            )
            found = [upload for page in pages for upload in page.get("Uploads", ())]
        found.sort(key=lambda upload: upload["Initiated"])
        return {upload["Key"]: upload["UploadId"] for upload in found}

    def _send_whole(self, file: Described, key: str) -> None:
        place = self._place.at(key)
        block = read(file.local.path, Piece(1, 0, file.local.size))
        if hashlib.sha256(block).hexdigest() != file.entry.sha256:
            raise changed(file.local.path)
        checksum = crc32(block)
        with told(place, UPLOAD):
            answer = self._client.put_object(
                Bucket=place.bucket, Key=key, Body=block, ChecksumCRC32=checksum
            )
        if not is_confirmed(answer, block, checksum):
            raise refusal(place, "BadDigest", "", UPLOAD)
        self._tell(len(block))

    def _send_part(self, crew: Threads, upload: Multipart, piece: Piece) -> None:
        place = self._place.at(upload.key)
        with told(place, UPLOAD):
            try:
                arrived = upload.over or upload.send(piece)
                if crew.stopped.is_set():
                    return
                if not arrived:
                    raise refusal(place, "BadDigest", "", UPLOAD)
                self._tell(piece.size)
                if upload.claim():
                    self._complete(upload)
            except Exception as error:
                # Somebody who sends the same content ended this upload, and the object is there.
                if code_of(error) != "NoSuchUpload" or not self._is_there(upload):
                    raise
                upload.over = True

    def _complete(self, upload: Multipart) -> None:
        try:
            upload.file.local.require_unchanged()
        except Exception:
            upload.abort()
            raise
        upload.complete()

    def _is_there(self, upload: Multipart) -> bool:
        found = object_at(self._client, self._place.at(upload.key))
        return found is not None and found.size == upload.file.entry.size
