"""A model repository that is a folder.

Everything is made beside it and renamed into it, the configuration last, so that a server which
polls the folder sees no half model.
"""

import errno
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from {{ cookiecutter.package_name }}.schemas.errors import ConfigError
from {{ cookiecutter.package_name }}.utils.files import sha256_of

LOCK = ".export.lock"
"""In the repository: Triton looks at folders there, and at no file."""
_CONFIG = Path("config.pbtxt")


class Folder:
    """A folder that a server reads; others may export to it at the same time."""

    def __init__(self, path: Path, patience_seconds: float = 60.0) -> None:
        self.path = path
        self._patience = patience_seconds

    def __str__(self) -> str:
        return str(self.path)

    def scratch(self) -> Path:
        """A folder from which renaming into the repository is one step.

        It is not inside: Triton takes every folder there for a model, whatever its name.
        """
        with self._writing():
            self.path.mkdir(parents=True, exist_ok=True)
            return Path(tempfile.mkdtemp(dir=self.path.parent, prefix=f".{self.path.name}."))

    def put(self, fresh: Path, version: str) -> list[str]:
        """Rename what is new into the repository; one export at a time."""
        with self._writing(), self._turn():
            return _put(fresh, self.path / fresh.name, version)

    @contextmanager
    def _turn(self) -> Iterator[None]:
        lock = FileLock(self.path / LOCK, timeout=self._patience)
        try:
            lock.acquire()
        except Timeout as error:
            raise ConfigError(
                f"Another export has been writing to '{self.path}' for {self._patience:g} s: wait "
                "until it ends, then export again."
            ) from error
        try:
            yield
        finally:
            lock.release()

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise _cannot_write(self.path, error) from error


def _put(fresh: Path, folder: Path, version: str) -> list[str]:
    """Rename into the model's folder; names of the files, the configuration last."""
    files = sorted(path.relative_to(fresh) for path in fresh.glob("*/*"))
    files.append(_CONFIG)
    changed = [file for file in files if not _same(fresh / file, folder / file)]
    if not folder.exists():
        fresh.rename(folder)
    elif not (folder / version).exists():
        (fresh / version).rename(folder / version)
        (fresh / _CONFIG).replace(folder / _CONFIG)
    else:
        for file in changed:
            (fresh / file).replace(folder / file)
    return [file.as_posix() for file in changed]


def _same(one: Path, other: Path) -> bool:
    return other.is_file() and sha256_of(one) == sha256_of(other)


def _cannot_write(repository: Path, error: OSError) -> ConfigError:
    if error.errno == errno.EXDEV:
        return ConfigError(
            f"'{repository}' is where another disk is mounted, and files cannot be renamed into "
            "it from beside it: name a folder inside of it as the repository."
        )
    return ConfigError(f"The model repository '{repository}' cannot be written: {error}.")
