"""Tables larger than memory: read in pieces, written in pieces."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pcsv
import pyarrow.parquet as pq

from {{ cookiecutter.package_name }}.data.arrays import joined, text, texts_of
from {{ cookiecutter.package_name }}.data.tabular import (
    csv_options,
    csv_reading,
    format_of,
    is_text,
    readable,
    require_file,
)
from {{ cookiecutter.package_name }}.schemas.errors import DataError

_ROW_GROUP = 1 << 17
"""Rows a Parquet row group: what its readers skip and share out by, and its writer holds."""


@dataclass(frozen=True)
class Chunks:
    """A file in pieces; `parts` gives the share of the file that was read, and the next rows."""

    columns: tuple[str, ...]
    parts: Iterator[tuple[float, pa.Table]]


@contextmanager
def open_chunks(path: Path, rows: int) -> Iterator[Chunks]:
    """`tabular.read_table` in pieces of at most so many rows, in order, in constant memory."""
    require_file(path)
    form = format_of(path)
    with ExitStack() as stack:
        with readable(path):
            opened = _csv(path) if form == "csv" else _parquet(path, rows)
            chunks = stack.enter_context(opened)
        yield Chunks(chunks.columns, _sliced(path, chunks.parts, rows))


def _sliced(
    path: Path, parts: Iterator[tuple[float, pa.Table]], rows: int
) -> Iterator[tuple[float, pa.Table]]:
    while True:
        with readable(path):
            part = next(parts, None)
        if part is None:
            return
        share, table = part
        for start in range(0, table.num_rows, rows):
            yield share, table.slice(start, rows)


@contextmanager
def _csv(path: Path) -> Iterator[Chunks]:
    options, size = csv_options(path), path.stat().st_size
    with (
        pa.OSFile(str(path)) as file,
        # One thread: its messages have the number of the row.
        pcsv.open_csv(file, csv_reading(use_threads=False), *options) as reader,
    ):
        parts = ((file.tell() / size, pa.Table.from_batches([batch])) for batch in reader)
        yield Chunks(tuple(reader.schema.names), parts)


@contextmanager
def _parquet(path: Path, rows: int) -> Iterator[Chunks]:
    # Read ahead, Arrow would keep what was read: memory would grow with the file.
    with pq.ParquetFile(path, pre_buffer=False) as file:
        batches = enumerate(file.iter_batches(batch_size=rows), start=1)
        whole = max(file.metadata.num_rows, 1)
        parts = ((min(n * rows / whole, 1), pa.Table.from_batches([b])) for n, b in batches)
        yield Chunks(tuple(file.schema_arrow.names), parts)


class Writer(Protocol):
    """Takes tables of one schema, one after the other."""

    def write(self, table: pa.Table) -> None:
        """Append rows."""
        ...


class _ParquetWriter:
    """Collects rows until they fill a row group."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: pq.ParquetWriter | None = None
        self._waiting: list[pa.Table] = []

    def write(self, table: pa.Table) -> None:
        self._waiting.append(table)
        if sum(map(len, self._waiting)) >= _ROW_GROUP:
            self.flush()

    def flush(self) -> None:
        """Write what is waiting."""
        if not self._waiting:
            return
        table = pa.concat_tables(self._waiting)
        if self._file is None:
            self._file = pq.ParquetWriter(self._path, table.schema)
        self._file.write_table(table, row_group_size=_ROW_GROUP)
        self._waiting = []

    def close(self) -> None:
        if self._file is not None:
            self._file.close()


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

    def flush(self) -> None:
        self._file.flush()

    def close(self) -> None:
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
def open_writer(path: Path, like: Path) -> Iterator[Writer]:
    """Write tables to `path` in the format that the name of `like` says."""
    delimiter = "\t" if like.suffix.lower() == ".tsv" else ","
    csv = format_of(like) == "csv"
    writer = _CsvWriter(path, delimiter) if csv else _ParquetWriter(path)
    try:
        yield writer
        writer.flush()
    finally:
        writer.close()
