"""The seam behind which raw rows come from: a file, a library, a store."""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

import pyarrow as pa


@dataclass(frozen=True)
class Part:
    """Some of the rows of one file of a source, in the file's order.

    `table` has at most as many rows as were asked for, `file` is how people know the file, and
    `first_row` the number by which they know the first of these rows (2 below a CSV header).
    `share` says how much of the whole source has been read with this part: 0 to 1.
    """

    table: pa.Table
    file: str
    first_row: int
    share: float


class RawRows(Protocol):
    """Rows as an open source has them, before any check.

    `source` says where they were read and `version` what identifies that content; `schema` is
    that of all parts alike. The cells of CSV files are strings.
    """

    @property
    def source(self) -> str:
        """Where the rows were read."""
        ...

    @property
    def version(self) -> str:
        """What identifies the content, such as its SHA-256."""
        ...

    @property
    def schema(self) -> pa.Schema:
        """Names and types of all columns."""
        ...

    def parts(self, rows: int, columns: Sequence[str] | None = None) -> Iterator[Part]:
        """All rows anew, at most so many at a time; all columns, or those, in that order."""
        ...


class Source(Protocol):
    """Anything that has rows; chosen by `data.source._target_`."""

    def open(self) -> AbstractContextManager[RawRows]:
        """The rows while the block runs; DataError, DataNotFound or ConfigError where it cannot."""
        ...


@dataclass(frozen=True)
class Held:
    """Rows that are in memory already."""

    table: pa.Table
    source: str
    version: str

    @property
    def schema(self) -> pa.Schema:
        """Names and types of all columns."""
        return self.table.schema

    def parts(self, rows: int, columns: Sequence[str] | None = None) -> Iterator[Part]:
        """See `RawRows.parts`."""
        table = self.table if columns is None else self.table.select(list(columns))
        for start in range(0, max(table.num_rows, 1), rows):
            part = table.slice(start, rows)
            share = (start + len(part)) / max(len(table), 1)
            yield Part(part, self.source, start + 1, share)
