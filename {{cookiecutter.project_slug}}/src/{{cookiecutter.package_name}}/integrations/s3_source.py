"""A table in S3: fetched to `data/raw/<name>/`, then read like any other file."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
from filelock import FileLock, Timeout
from rich import filesize
from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TextColumn,
    TransferSpeedColumn,
)

from {{ cookiecutter.package_name }}.data.source import RawTable
from {{ cookiecutter.package_name }}.data.tabular import format_of, read_table
from {{ cookiecutter.package_name }}.integrations.s3_client import StoredObject, connect, find
from {{ cookiecutter.package_name }}.integrations.s3_errors import Place, told
from {{ cookiecutter.package_name }}.integrations.s3_folder import Folder
from {{ cookiecutter.package_name }}.integrations.s3_transfer import Transfer
from {{ cookiecutter.package_name }}.schemas.errors import ConfigError, DataError
from {{ cookiecutter.package_name }}.utils.paths import project_root, shown


class S3Table:
    """The object `prefix/objects`, or all CSV or Parquet objects below it, as one table.

    `endpoint_url` is the address of a store that is not AWS. A later run fetches only what is
    not there yet, or has changed.
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
        parts = [str(part).strip("/") for part in (prefix, objects) if part is not None]
        key = "/".join(part for part in parts if part)
        self._place = Place(str(bucket), key, endpoint_url or None, region or None)
        self._folder = project_root() / "data" / "raw" / name
        self._workers = workers

    def load(self) -> RawTable:
        """All rows, ordered by the keys of their objects.

        Raises ConfigError, DataNotFound or DataError with one sentence about what is wrong.
        """
        if type(self._workers) is not int or self._workers < 1:
            raise ConfigError(f"data.workers is {self._workers!r}: expected a number above 0.")
        with told(self._place):
            client = connect(self._place, self._workers)
            items = find(client, self._place)
        with _alone(self._folder):
            folder = Folder(self._folder)
            lacking = folder.lacking(items)
            _fetch(client, self._place, folder, lacking, self._workers)
            digest = folder.settle(items)
            table = _joined({item.key: folder.file_of(item) for item in items})
        one_csv = len(items) == 1 and format_of(Path(items[0].name)) == "csv"
        return RawTable(
            table,
            source=str(self._place),
            version=f"sha256:{digest}",
            first_row=2 if one_csv else 1,
        )


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Within the block, no other process fetches to that folder."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder / ".lock", timeout=0):
            yield
    except Timeout as error:
        raise DataError(
            f"Another process fetches to '{shown(folder)}': wait for it, or give another data.name."
        ) from error
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise DataError(f"'{shown(folder)}' cannot be written to: {reason}.") from error


def _fetch(
    client: object, place: Place, folder: Folder, items: list[StoredObject], workers: int
) -> None:
    if not items:
        return
    console = Console(stderr=True)
    columns = (TextColumn("fetching"), BarColumn(), DownloadColumn(), TransferSpeedColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task("", total=sum(item.size for item in items))
        transfer = Transfer(client, place, folder, lambda count: bar.advance(task, count))
        transfer.fetch(items, workers)
    size = filesize.decimal(sum(item.size for item in items))
    console.print(f"fetched {size} from {place} ({len(items)} new or changed)", highlight=False)


def _joined(files: dict[str, Path]) -> pa.Table:
    """The rows of all files below one another; each must have the columns of the first."""
    if len({format_of(path) for path in files.values()}) > 1:
        raise DataError(
            f"There are CSV and Parquet objects together ({', '.join(sorted(files)[:5])}): narrow "
            "data.objects to one of the two."
        )
    tables = {key: read_table(Path(shown(path))) for key, path in files.items()}
    first = next(iter(tables))
    names = tables[first].column_names
    same = {key: _ordered(key, table, first, names) for key, table in tables.items()}
    try:
        return pa.concat_tables(same.values(), promote_options="permissive")
    except pa.ArrowException as error:
        raise DataError(
            f"The objects '{first}' to '{next(reversed(same))}' do not fit together: "
            f"{' '.join(str(error).split())[:200]}"
        ) from error


def _ordered(key: str, table: pa.Table, first: str, names: list[str]) -> pa.Table:
    """The table with its columns in the order of the first object's."""
    if table.column_names == names:
        return table
    if sorted(table.column_names) != sorted(names):
        differing = sorted(set(table.column_names) ^ set(names))
        raise DataError(
            f"The object '{key}' has other columns than '{first}': only one of the two has "
            f"{', '.join(repr(name) for name in differing[:5]) or 'some of them twice'}."
        )
    return table.select(names)
