"""A table in S3: fetched to `data/raw/<name>/`, then read like any other files."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from {{ cookiecutter.package_name }}.data.files import Files
from {{ cookiecutter.package_name }}.data.source import RawRows
from {{ cookiecutter.package_name }}.integrations.s3.client import StoredObject, connect
from {{ cookiecutter.package_name }}.integrations.s3.errors import told
from {{ cookiecutter.package_name }}.integrations.s3.find import find, folder_of
from {{ cookiecutter.package_name }}.integrations.s3.folder import Folder
from {{ cookiecutter.package_name }}.integrations.s3.place import Place
from {{ cookiecutter.package_name }}.integrations.s3.progress import progress, size
from {{ cookiecutter.package_name }}.integrations.s3.transfer import Transfer
from {{ cookiecutter.package_name }}.schemas.errors import ConfigError, DataError
from {{ cookiecutter.package_name }}.utils.paths import project_root, shown


class S3Table:
    """The object `prefix/objects`, or all CSV or Parquet objects below it, as one table.

    Where `upload` left a manifest, its files are that table, and nothing else. `endpoint_url` is
    the address of a store that is not AWS. A later run fetches only what is not there yet, or
    has changed.
    """

    def __init__(
        self,
        *,
        name: str,
        bucket: str,
        prefix: str | None,
        objects: str | None,
        endpoint_url: str | None,
        region: str | None,
        workers: int,
    ) -> None:
        self._place = Place.below(bucket, prefix, objects, endpoint_url=endpoint_url, region=region)
        self._folder = project_root() / "data" / "raw" / name
        self._workers = workers

    @contextmanager
    def open(self) -> Iterator[RawRows]:
        """All rows, ordered by the names of their files, which stay as they are until the end.

        Raises ConfigError, DataNotFound or DataError with one sentence about what is wrong.
        """
        if type(self._workers) is not int or self._workers < 1:
            raise ConfigError(f"data.workers is {self._workers!r}: expected a number above 0.")
        with told(self._place):
            client = connect(self._place, self._workers)
            items = find(client, self._place)
        with _alone(self._folder):
            files, digest = self._fetched(client, items)
            yield Files.of(files, source=str(self._place), version=f"sha256:{digest}")

    def _fetched(
        self, client: object, items: Sequence[StoredObject]
    ) -> tuple[dict[str, Path], str]:
        """The files by what people call them, all as the store has them; and their digest."""
        with _writing(self._folder):
            folder = Folder(self._folder)
            lacking = folder.lacking(items)
            if lacking:
                total = sum(item.size for item in lacking)
                with progress("fetching", total) as tell:
                    Transfer(client, self._place, folder, tell).fetch(lacking, self._workers)
                print(
                    f"fetched {size(total)} from {self._place} ({len(lacking)} new or changed)",
                    file=sys.stderr,
                )
            digest = folder.settle(items)
        # Relative where it can be: messages name these paths.
        paths = {item: Path(shown(folder.file_of(item))) for item in items}
        return {self._called(item): path for item, path in paths.items()}, digest

    def _called(self, item: StoredObject) -> str:
        """The key of an object that is read as it is; that of a listed one, had it its name."""
        return item.key if item.sha256 is None else f"{folder_of(self._place)}{item.name}"


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Within the block, no other process fetches to that folder."""
    lock = FileLock(folder / ".lock", timeout=0)
    try:
        with _writing(folder):
            folder.mkdir(parents=True, exist_ok=True)
            lock.acquire()
    except Timeout as error:
        raise DataError(
            f"Another process fetches to '{shown(folder)}': wait for it, or give another data.name."
        ) from error
    try:
        yield
    finally:
        lock.release()


@contextmanager
def _writing(folder: Path) -> Iterator[None]:
    """Within the block, whatever the disk refuses is told as trouble with that folder."""
    try:
        yield
    except Timeout:  # which is an OSError, too
        raise
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise DataError(f"'{shown(folder)}' cannot be written to: {reason}.") from error
