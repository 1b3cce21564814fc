"""The folder that objects are fetched to, and its record of what came from where."""

import hashlib
import shutil
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

from pydantic import ValidationError

from {{ cookiecutter.package_name }}.integrations.s3.client import StoredObject
from {{ cookiecutter.package_name }}.schemas.dataset import Record
from {{ cookiecutter.package_name }}.schemas.errors import DataError
from {{ cookiecutter.package_name }}.utils.files import sha256_of, write_text
from {{ cookiecutter.package_name }}.utils.paths import shown

RECORD = ".fetched.jsonl"
UNFINISHED = ".unfinished"


class Fetched(Record):
    """One file as it arrived: `etag` is that of the object, `sha256` that of the bytes."""

    name: str
    etag: str
    sha256: str


class Folder:
    """`data/raw/<name>/`: files named like their objects, and only those are touched."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.unfinished = path / UNFINISHED
        self._lock = threading.Lock()
        self._files = {file.name: file for file in _read(path / RECORD)}

    def file_of(self, item: StoredObject) -> Path:
        """The file that an object becomes."""
        return self.path / item.name

    def lacking(self, items: Sequence[StoredObject]) -> list[StoredObject]:
        """Those whose file is not there, or not as it arrived, or of another state of the object.

        Raises DataError where a file is in the way that was not fetched by this project.
        """
        for item in items:
            path = self.file_of(item)
            if path.exists() and item.name not in self._files:
                raise DataError(
                    f"'{shown(path)}' is in the way of the object '{item.key}', and was not "
                    "fetched: move it away, or give another data.name."
                )
        return [item for item in items if not self._has(item)]

    def keep(self, item: StoredObject, sha256: str) -> None:
        """Record a file that is whole, and about to take its place; called by several threads."""
        file = Fetched(name=item.name, etag=item.etag, sha256=sha256)
        with self._lock:
            self._files[item.name] = file
            # The newline comes first: a line that a crash cut short spoils no other.
            with (self.path / RECORD).open("a", encoding="utf-8") as stream:
                stream.write(f"\n{file.model_dump_json()}")

    def settle(self, items: Sequence[StoredObject]) -> str:
        """Delete the files of objects that are gone or not asked for any more, and all leftovers.

        Gives the SHA-256 that stands for all files: that of the one, or of their names and own.
        """
        wanted = {item.name for item in items}
        for name in self._files.keys() - wanted:
            (self.path / name).unlink(missing_ok=True)
        self._files = {name: self._files[name] for name in sorted(wanted)}
        lines = [f"{file.model_dump_json()}\n" for file in self._files.values()]
        write_text(self.path / RECORD, "".join(lines))
        shutil.rmtree(self.unfinished, ignore_errors=True)
        return _digest({name: file.sha256 for name, file in self._files.items()})

    def _has(self, item: StoredObject) -> bool:
        path, file = self.file_of(item), self._files.get(item.name)
        if file is None or not path.is_file() or path.stat().st_size != item.size:
            return False
        # What is known by its content may have come to the store anew: another ETag, no news.
        if item.sha256 is None and file.etag != item.etag:
            return False
        return sha256_of(path) == file.sha256 == (item.sha256 or file.sha256)


def _read(record: Path) -> list[Fetched]:
    """What a record says; a line that was cut short says nothing."""
    if not record.is_file():
        return []
    files = []
    for line in filter(None, record.read_text(encoding="utf-8").split("\n")):
        try:
            files.append(Fetched.model_validate_json(line))
        except ValidationError:
            continue
    return files


def _digest(files: Mapping[str, str]) -> str:
    if len(files) == 1:
        return next(iter(files.values()))
    lines = [f"{sha256}  {name}\n" for name, sha256 in sorted(files.items())]
    return hashlib.sha256("".join(lines).encode()).hexdigest()
