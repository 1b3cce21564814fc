"""The folder of a bucket that an upload goes to: what is there, the manifest, and what is old."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from {{ cookiecutter.package_name }}.integrations.s3 import manifest as manifests
from {{ cookiecutter.package_name }}.integrations.s3.client import StoredObject, listed, object_at
from {{ cookiecutter.package_name }}.integrations.s3.errors import code_of, told
from {{ cookiecutter.package_name }}.integrations.s3.find import folder_of
from {{ cookiecutter.package_name }}.integrations.s3.manifest import (
    FILES,
    UploadedFile,
    UploadManifest,
)
from {{ cookiecutter.package_name }}.integrations.s3.multipart import crc32
from {{ cookiecutter.package_name }}.integrations.s3.names import is_data, some
from {{ cookiecutter.package_name }}.integrations.s3.place import UPLOAD, Place
from {{ cookiecutter.package_name }}.integrations.s3.threads import threads
from {{ cookiecutter.package_name }}.schemas.errors import DataError

_CONFLICTS = ("PreconditionFailed", "ConditionalRequestConflict", "412", "409")


class Target:
    """A place that readers take as one table, by the manifest there."""

    def __init__(self, client: Any, place: Place) -> None:
        self._client = client
        self._place = place
        self.folder = folder_of(place)
        self._at = place.at(f"{self.folder}{manifests.NAME}")
        self._found: StoredObject | None = None
        self._manifest: UploadManifest | None = None

    def look(self) -> None:
        """Read the manifest; DataError where readers take what is there for something else."""
        with told(self._at, UPLOAD):
            self._found = object_at(self._client, self._at)
            self._manifest = self._read()
            if object_at(self._client, self._place):
                raise DataError(
                    f"There is an object {self._place}, which readers would take for the table: "
                    "give another TARGET."
                )
            if self._manifest is None:
                self._require_no_tables()

    def _read(self) -> UploadManifest | None:
        if self._found is None:
            return None
        return manifests.read(self._client, self._at, self._found)

    def _require_no_tables(self) -> None:
        there = islice(listed(self._client, self._place.bucket, self.folder), 1000)
        if tables := [item.name for item in there if is_data(item.name)]:
            raise DataError(
                f"{self._place} has tables that no manifest lists ({some(tables)}), and readers "
                "would not see them any more: give another TARGET, or move them away."
            )

    def is_published(self, files: Sequence[UploadedFile]) -> bool:
        """Whether the manifest lists these files, and no others."""
        return self._manifest is not None and set(self._manifest.files) == set(files)

    def there(self) -> dict[str, int]:
        """The sizes of all contents, by their keys below the folder; of any manifest or none."""
        with told(self._place, UPLOAD):
            found = listed(self._client, self._place.bucket, f"{self.folder}{FILES}")
            return {item.key.removeprefix(self.folder): item.size for item in found}

    def publish(self, files: Sequence[UploadedFile]) -> None:
        """Write the manifest, unless somebody else has written another one since `look`.

        What it lists is looked for once more afterwards: somebody may have pruned it.
        """
        manifest = UploadManifest.of(tuple(files), datetime.now(UTC))
        text = f"{manifest.model_dump_json(indent=1)}\n".encode()
        with told(self._at, UPLOAD):
            try:
                self._put(text, self._condition())
            except Exception as error:
                if code_of(error) == "NotImplemented":  # a store without conditions: look ourselves
                    self._put_unless_changed(text)
                elif code_of(error) not in _CONFLICTS or not self._is_there(manifest):
                    raise
        there = self.there()
        if gone := [file.name for file in files if there.get(file.key) != file.size]:
            raise DataError(
                f"{self._at} lists {some(gone)}, which somebody pruned meanwhile: run the same "
                "command again."
            )
        self._manifest = manifest

    def _condition(self) -> dict[str, str]:
        return {"IfMatch": f'"{self._found.etag}"'} if self._found else {"IfNoneMatch": "*"}

    def _put(self, text: bytes, condition: dict[str, str]) -> None:
        self._client.put_object(
            Bucket=self._at.bucket,
            Key=self._at.key,
            Body=text,
            ContentType="application/json",
            ChecksumCRC32=crc32(text),
            **condition,
        )

    def _put_unless_changed(self, text: bytes) -> None:
        if object_at(self._client, self._at) != self._found:
            raise DataError(
                f"{self._at} was changed by somebody else meanwhile: run the same command again."
            )
        self._put(text, {})

    def _is_there(self, manifest: UploadManifest) -> bool:
        """Whether it was this one that came first: an answer may be lost, and the request made
        again.
        """
        found = object_at(self._client, self._at)
        return found is not None and manifests.read(self._client, self._at, found) == manifest

    def leftovers(self, files: Sequence[UploadedFile]) -> list[str]:
        """Keys of contents that none of these files has."""
        return _others(self.there(), files)

    def prune(self, workers: int) -> int:
        """Delete contents that the manifest, read anew, does not list, and unfinished uploads.

        Gives the number of contents that were deleted. Nothing outside `_files/` is touched.
        """
        # First the contents, then the manifest: what somebody publishes in between is listed.
        there = self.there()
        self.look()
        if self._manifest is None:
            raise DataError(f"{self._at} was deleted meanwhile: nothing was pruned.")
        old = _others(there, self._manifest.files)
        with threads(workers) as crew:
            for key in old:
                crew.begin(self._delete, f"{self.folder}{key}")
        self._abort_unfinished()
        return len(old)

    def _delete(self, key: str) -> None:
        with told(self._place.at(key), UPLOAD):
            self._client.delete_object(Bucket=self._place.bucket, Key=key)

    def _abort_unfinished(self) -> None:
        bucket = self._place.bucket
        with told(self._place, UPLOAD):
            pages = self._client.get_paginator("list_multipart_uploads").paginate(
                Bucket=bucket, Prefix=f"{self.folder}{FILES}"
            )
            for upload in [upload for page in pages for upload in page.get("Uploads", ())]:
                self._client.abort_multipart_upload(
                    Bucket=bucket, Key=upload["Key"], UploadId=upload["UploadId"]
                )


def _others(keys: Iterable[str], files: Sequence[UploadedFile]) -> list[str]:
    wanted = {file.key for file in files}
    return sorted(key for key in keys if key not in wanted)
