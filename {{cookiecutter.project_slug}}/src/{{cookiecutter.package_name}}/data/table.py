"""The user's own CSV or Parquet files."""

import hashlib
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Event

from {{ cookiecutter.package_name }}.data.files import Files
from {{ cookiecutter.package_name }}.data.source import RawRows
from {{ cookiecutter.package_name }}.data.tabular import FORMATS
from {{ cookiecutter.package_name }}.schemas.errors import DataError
from {{ cookiecutter.package_name }}.utils.files import sha256_of
from {{ cookiecutter.package_name }}.utils.paths import project_root


class Table:
    """A file, or a folder of files, by its path; a relative one starts at the working directory."""

    def __init__(self, path: str) -> None:
        self._path = Path(path).expanduser()

    @contextmanager
    def open(self) -> Iterator[RawRows]:
        """The rows of the file, or of all files in the folder and below it, by their names.

        Raises ConfigError, DataNotFound or DataError with one sentence about what is wrong.
        """
        source = recorded(self._path)
        files = _inside(self._path) if self._path.is_dir() else {source: self._path}
        stopped = Event()
        with ThreadPoolExecutor(1, "digest") as pool:
            digest = pool.submit(_digest, files, stopped)
            try:
                yield Files.of(files, source, lambda: f"sha256:{digest.result()}")
            finally:
                stopped.set()  # after an error nobody waits for the digest of large files


def _inside(folder: Path) -> dict[str, Path]:
    """The data files of a folder by their names below it; hidden ones and notes are none."""
    found = {
        path.relative_to(folder).as_posix(): path
        for path in folder.rglob("*")
        if path.suffix.lower() in FORMATS and path.is_file()
    }
    kept = {
        name: path
        for name, path in found.items()
        if not any(part.startswith((".", "_")) for part in name.split("/"))
    }
    if not kept:
        raise DataError(f"'{folder}' is a folder without a CSV or Parquet file.")
    return kept


def _digest(files: Mapping[str, Path], stopped: Event) -> str:
    """SHA-256 of the one file, or of the names and SHA-256 of all."""
    if len(files) == 1:
        return sha256_of(next(iter(files.values())), stopped)
    lines = [f"{sha256_of(files[name], stopped)}  {name}\n" for name in sorted(files)]
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def recorded(path: Path) -> str:
    """The path as a manifest keeps it in `source`: the same from any working directory."""
    resolved, root = path.resolve(), project_root()
    inside = resolved.is_relative_to(root)
    return (resolved.relative_to(root) if inside else resolved).as_posix()
