"""Files of this machine that are about to be uploaded."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from {{ cookiecutter.package_name }}.data.tabular import FORMATS, format_of
from {{ cookiecutter.package_name }}.integrations.s3.manifest import UploadedFile
from {{ cookiecutter.package_name }}.integrations.s3.names import is_data, is_path, same_file, some
from {{ cookiecutter.package_name }}.integrations.s3.parts import changed
from {{ cookiecutter.package_name }}.integrations.s3.progress import Tell
from {{ cookiecutter.package_name }}.schemas.errors import DataError, DataNotFound
from {{ cookiecutter.package_name }}.utils.files import sha256_of
from {{ cookiecutter.package_name }}.utils.paths import shown


@dataclass(frozen=True)
class LocalFile:
    """A file as it was when it was first looked at; `touched` is when it was last written to."""

    path: Path
    name: str
    size: int
    touched: int

    @classmethod
    def at(cls, path: Path, name: str) -> "LocalFile":
        """That file, called `name` by its readers."""
        about = path.stat()
        return cls(path, name, about.st_size, about.st_mtime_ns)

    def require_unchanged(self) -> None:
        """DataError where somebody has written to it since."""
        about = self.path.stat()
        if (about.st_size, about.st_mtime_ns) != (self.size, self.touched):
            raise changed(self.path)


@dataclass(frozen=True)
class Described:
    """A file, and what the manifest will say about it."""

    local: LocalFile
    entry: UploadedFile


def gather(source: Path) -> list[LocalFile]:
    """The file, or all CSV or Parquet files below the folder, ordered by name.

    Names that begin with `_` or `.`, and other kinds of files, are left out, as readers do.
    Raises DataNotFound or DataError where there is nothing to upload, or no one table.
    """
    if source.is_dir():
        paths = {path.relative_to(source).as_posix(): path for path in source.rglob("*")}
    elif source.is_file():
        paths = {source.name: source}
    else:
        raise DataNotFound(f"There is no file or folder '{shown(source)}'.")
    known = ", ".join(FORMATS)
    names = sorted(name for name, path in paths.items() if is_data(name) and path.is_file())
    if not names:
        raise DataNotFound(f"'{shown(source)}' has no table: expected names that end in {known}.")
    _require_one_table(source, names)
    try:
        return [LocalFile.at(paths[name], name) for name in names]
    except OSError as error:
        raise DataError(f"'{shown(source)}' cannot be read: {error.strerror}.") from error


def _require_one_table(source: Path, names: list[str]) -> None:
    if bad := [name for name in names if not is_path(name)]:
        raise DataError(
            f"'{shown(source)}' has names that are no file's on every system ({some(bad)}): rename "
            "them."
        )
    if twice := same_file(names):
        raise DataError(
            f"'{twice[0]}' and '{twice[1]}' of '{shown(source)}' would become the same file on "
            "some systems: rename one."
        )
    if len({format_of(Path(name)) for name in names}) > 1:
        raise DataError(
            f"'{shown(source)}' has CSV and Parquet files together ({some(names)}): readers take "
            "one of the two as a table."
        )


def describe(files: Sequence[LocalFile], workers: int, tell: Tell) -> list[Described]:
    """The files with the digests of their contents; `tell` hears how many bytes were read."""

    def described(local: LocalFile) -> Described:
        try:
            digest = sha256_of(local.path)
        except OSError as error:
            raise DataError(f"'{shown(local.path)}' cannot be read: {error.strerror}.") from error
        local.require_unchanged()
        tell(local.size)
        return Described(local, UploadedFile(name=local.name, size=local.size, sha256=digest))

    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(described, files))
