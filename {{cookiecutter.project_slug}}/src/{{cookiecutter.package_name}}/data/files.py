"""Several local files of one format as one table, which is never held in memory."""

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from {{ cookiecutter.package_name }}.data.chunks import open_chunks
from {{ cookiecutter.package_name }}.data.common import common_schema
from {{ cookiecutter.package_name }}.data.layout import decoded
from {{ cookiecutter.package_name }}.data.source import Part
from {{ cookiecutter.package_name }}.data.tabular import format_of, readable
from {{ cookiecutter.package_name }}.schemas.errors import DataError

_MOST_BYTES = 16 << 20
_MEASURED_ROWS = 16


@dataclass(frozen=True)
class _File:
    """A file as it was when it was opened; a change in between would make two passes differ."""

    name: str
    path: Path
    size: int
    changed: int
    schema: pa.Schema
    most_rows: int

    def require_same(self) -> None:
        """DataError where somebody wrote to the file."""
        now = self.path.stat()
        if (now.st_size, now.st_mtime_ns) != (self.size, self.changed):
            raise DataError(f"'{self.name}' was changed while it was read: run the command again.")


@dataclass(frozen=True)
class Files:
    """Rows of files in the order of their names: `RawRows`.

    `named` are the files by what people call them. Columns may come in another order in each
    file, and whole numbers in one may be real numbers in another. A column that has no type in
    common is only refused where it is read: it may be one that is left out.
    """

    source: str
    schema: pa.Schema
    named: tuple[_File, ...]
    _version: Callable[[], str]
    _clashes: Mapping[str, str]

    @classmethod
    def of(cls, files: Mapping[str, Path], source: str, version: str | Callable[[], str]) -> Self:
        """Open files by their names; a `version` that is not known yet is a function.

        Raises ConfigError, DataNotFound or DataError where a file cannot be read, or has other
        columns than the first.
        """
        if len({format_of(path) for path in files.values()}) > 1:
            raise DataError(
                f"'{source}' has CSV and Parquet files together "
                f"({', '.join(sorted(files)[:5])}): keep one of the two."
            )
        named = tuple(_opened(name, files[name]) for name in sorted(files))
        known = version if callable(version) else lambda: version
        schema, clashes = common_schema([(file.name, file.schema) for file in named])
        return cls(source, schema, named, known, clashes)

    @property
    def version(self) -> str:
        """What identifies the content."""
        return self._version()

    def parts(self, rows: int, columns: Sequence[str] | None = None) -> Iterator[Part]:
        """See `RawRows.parts`; DataError where there are no rows, or a file was changed, or a
        column has no type in common.
        """
        wanted = self.schema.names if columns is None else list(columns)
        if told := [self._clashes[name] for name in wanted if name in self._clashes]:
            raise DataError("\n".join(told))
        # With two columns of one name, asking by name would fail before that is told.
        asked = None if columns is None and len(self.named) == 1 else wanted
        before, total, found = 0, max(sum(file.size for file in self.named), 1), False
        for file in self.named:
            file.require_same()
            with open_chunks(file.path, min(rows, file.most_rows), asked) as chunks:
                for chunk in chunks.parts:
                    found = True
                    table = chunk.table if asked is None else self._alike(chunk.table, file)
                    share = (before + chunk.share * file.size) / total
                    yield Part(table, file.name, chunk.first_row, share)
            file.require_same()
            before += file.size
        if not found:
            raise DataError(f"'{self.source}' has a header but no rows.")

    def _alike(self, table: pa.Table, file: _File) -> pa.Table:
        """The rows with the types of all files."""
        for place, field in enumerate(table.schema):
            wanted = self.schema.field(field.name)
            if field.type != wanted.type:
                # Real numbers round; nothing else may change.
                safe = not pa.types.is_floating(wanted.type)
                with readable(file.path):
                    cast = pc.cast(table.column(place), wanted.type, safe=safe)
                table = table.set_column(place, wanted, cast)
        return table


def _opened(name: str, path: Path) -> _File:
    with open_chunks(path, 1) as chunks:
        stated = path.stat()
        schema = chunks.schema
    return _File(name, path, stated.st_size, stated.st_mtime_ns, schema, _most_rows(path))


def _most_rows(path: Path) -> int:
    """Rows that take `_MOST_BYTES`: those of a Parquet file may hold pictures or long texts.

    What the file says of its size is with each text once, however many rows have it: the first
    rows are measured too. A CSV file is read in blocks of bytes anyway.
    """
    if format_of(path) == "csv":
        return sys.maxsize
    with readable(path):
        found = pq.read_metadata(path)
    size: int = sum(found.row_group(place).total_byte_size for place in range(found.num_row_groups))
    rows: int = found.num_rows
    width = max(size / max(rows, 1), _row_bytes(path), 1)
    return max(int(_MOST_BYTES / width), 1)


def _row_bytes(path: Path) -> float:
    """What one of a file's first rows takes in memory."""
    with open_chunks(path, _MEASURED_ROWS) as chunks:
        first = next(chunks.parts, None)
    if first is None:
        return 0
    columns: list[pa.ChunkedArray] = [decoded(column) for column in first.table.columns]
    taken, rows = sum(column.nbytes for column in columns), len(first.table)
    return float(taken / rows)
