"""`manifest.json`: what an upload consists of. Readers that find one trust only what it lists.

Objects are stored by their content, as `_files/<SHA-256>.csv` beside the manifest: a later upload
never overwrites what a reader of the former manifest still needs.
"""

from datetime import datetime
from pathlib import PurePosixPath
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, Field, ValidationError

from {{ cookiecutter.package_name }}.integrations.s3.client import StoredObject
from {{ cookiecutter.package_name }}.integrations.s3.names import is_data, is_path, same_file
from {{ cookiecutter.package_name }}.integrations.s3.place import Place
from {{ cookiecutter.package_name }}.schemas.dataset import Record
from {{ cookiecutter.package_name }}.schemas.errors import DataError

NAME = "manifest.json"
FILES = "_files/"


class UploadedFile(Record):
    """One file: its name below the folder that was uploaded, and its content."""

    name: str
    size: Annotated[int, Field(ge=0)]
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]

    @property
    def key(self) -> str:
        """Where its bytes are, below the folder of the manifest."""
        return key_of(self.name, self.sha256)


class UploadManifest(Record):
    """All files of an upload, ordered by name, and when the last of them had arrived."""

    format: Literal[1] = 1
    uploaded: AwareDatetime
    files: Annotated[tuple[UploadedFile, ...], Field(min_length=1)]

    @classmethod
    def of(cls, files: tuple[UploadedFile, ...], now: datetime) -> "UploadManifest":
        """A manifest of these files."""
        return cls(uploaded=now, files=tuple(sorted(files, key=lambda file: file.name)))


def key_of(name: str, sha256: str) -> str:
    """The key, below the manifest's folder, of a content that some file of that name has."""
    return f"{FILES}{sha256}{PurePosixPath(name).suffix.lower()}"


def read(client: Any, place: Place, found: StoredObject) -> UploadManifest:
    """The manifest at a place, in the state in which it was found.

    Raises DataError where it is none, or lists what cannot become files.
    """
    answer = client.get_object(
        Bucket=place.bucket, Key=place.key, IfMatch=f'"{found.etag}"', ChecksumMode="ENABLED"
    )
    try:
        manifest = UploadManifest.model_validate_json(answer["Body"].read())
    except ValidationError as error:
        problem = error.errors()[0]
        where = ".".join(map(str, problem["loc"])) or "the whole"
        raise DataError(
            f"{place} is no manifest of `upload` ({where}: {problem['msg']}): upload the files "
            "anew, or move it away to read the objects beside it."
        ) from error
    if trouble := _unusable([file.name for file in manifest.files]):
        raise DataError(f"{place} lists {trouble}: upload the files anew under other names.")
    return manifest


def _unusable(names: list[str]) -> str | None:
    """What is wrong with the names of files, in words that follow "lists"."""
    for name in names:
        if not is_data(name):
            return f"{name!r}, which is no table"
        if not is_path(name):
            return f"{name!r}, which cannot be a file on every system"
    if twice := same_file(names):
        return f"{twice[0]!r} and {twice[1]!r}, which would be the same file on some systems"
    return None
