"""Tables larger than memory, written in pieces whose sizes the file does not show."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Literal, Protocol, Self

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from {{ cookiecutter.package_name }}.data.arrays import joined, text, texts_of
from {{ cookiecutter.package_name }}.data.row_groups import (
    MEASURED_ROWS,
    group_rows,
    in_one_order,
    repeating,
)
from {{ cookiecutter.package_name }}.data.tabular import format_of, is_text
from {{ cookiecutter.package_name }}.schemas.errors import DataError

Compression = Literal["snappy", "zstd", "none"]


class Writer(Protocol):
    """Takes tables of one schema, one after the other."""

    def write(self, table: pa.Table) -> None:
        """Append rows."""
        ...


class ParquetWriter:
    """A Parquet file whose bytes depend on its rows, not on the tables in which they came.

    Rows wait until they fill a row group of exactly `group_rows`; by default so many that a
    group holds some 32 MiB. A context manager: the file is complete when the block has ended.
    """

    def __init__(
        self, path: Path, compression: Compression = "snappy", group_rows: int | None = None
    ) -> None:
        self._path = path
        self._compression = compression
        self._group_rows = group_rows
        self._file: pq.ParquetWriter | None = None
        self._waiting: list[pa.Table] = []
        self._rows = 0

    def write(self, table: pa.Table) -> None:
        """Append rows; full row groups go into the file."""
        self._waiting.append(table)
        self._rows += table.num_rows
        if self._group_rows is None and self._rows >= MEASURED_ROWS:
            self._group_rows = group_rows(self._joined())
        if self._group_rows is not None and self._rows >= self._group_rows:
            self._put(self._group_rows)

    def flush(self) -> None:
        """Write what is waiting, the last row group."""
        if self._waiting:
            self._put(self._group_rows or MEASURED_ROWS, whole=True)

    def _joined(self) -> pa.Table:
        return pa.concat_tables(self._waiting)

    def _put(self, rows: int, *, whole: bool = False) -> None:
        table, self._waiting = self._joined(), []
        if self._file is None:
            self._file = pq.ParquetWriter(
                self._path,
                table.schema,
                compression=self._compression,
                use_dictionary=repeating(table.slice(0, rows)),
            )
        start = 0
        while self._rows >= rows or (whole and start < table.num_rows):
            # In one piece: where a page ends would else depend on where a piece did.
            group = in_one_order(table.slice(start, rows).combine_chunks())
            self._file.write_table(group, row_group_size=rows)
            start += group.num_rows
            self._rows -= group.num_rows
        if start < table.num_rows:
            self._waiting = [table.slice(start)]

    def close(self) -> None:
        """Close the file; what was not flushed is lost."""
        if self._file is not None:
            self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            if error is None:
                self.flush()
        finally:
            self.close()


class _CsvWriter:
    """Quotes a cell only where it must: Arrow's own writer quotes every text."""

    def __init__(self, path: Path, delimiter: str) -> None:
        self._delimiter = delimiter
        self._file = path.open("wb")
        self._begun = False

    def _line(self, cells: list[pa.Array | pa.ChunkedArray]) -> pa.Array | pa.ChunkedArray:
        return pc.binary_join_element_wise(*cells, text(self._delimiter))

    def write(self, table: pa.Table) -> None:
        if not self._begun:
            names = [self._quoted(texts_of([name])) for name in table.column_names]
            self._put(self._line(names))
            self._begun = True
        self._put(self._line([self._quoted(_as_text(table, name)) for name in table.column_names]))

    def _quoted(self, texts: pa.Array | pa.ChunkedArray) -> pa.Array | pa.ChunkedArray:
        special = pc.match_substring_regex(texts, f'[{self._delimiter}"\r\n]')
        if not pc.any(special).as_py():
            return texts
        inner = pc.replace_substring(texts, '"', '""')
        mark, nothing = text('"'), text("")
        return pc.if_else(special, pc.binary_join_element_wise(mark, inner, mark, nothing), texts)

    def _put(self, lines: pa.Array | pa.ChunkedArray) -> None:
        ended = joined(pc.binary_join_element_wise(lines, text("\n"), text("")))
        # The bytes of all lines lie one after the other in the array's last buffer.
        if (content := ended.buffers()[2]) is not None:
            self._file.write(content)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()


def _as_text(table: pa.Table, name: str) -> pa.ChunkedArray:
    values = table.column(name)
    if not is_text(values.type):
        try:
            values = values.cast(pa.string())
        except (pa.ArrowNotImplementedError, pa.ArrowInvalid) as error:
            raise DataError(
                f"Column '{name}' holds {values.type}, which a CSV file cannot: write Parquet."
            ) from error
    return pc.fill_null(values.cast(pa.string()), text(""))


@contextmanager
def open_writer(
    path: Path,
    like: Path,
    compression: Compression = "snappy",
    group_rows: int | None = None,
) -> Iterator[Writer]:
    """Write tables to `path` in the format that the name of `like` says.

    `compression` and `group_rows` are for Parquet; see `ParquetWriter`.
    """
    delimiter = "\t" if like.suffix.lower() == ".tsv" else ","
    csv = format_of(like) == "csv"
    opened = _CsvWriter(path, delimiter) if csv else ParquetWriter(path, compression, group_rows)
    with opened as writer:
        yield writer
