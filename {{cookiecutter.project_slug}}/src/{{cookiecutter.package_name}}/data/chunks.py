"""Tables larger than memory, read in pieces; `writers` writes them."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pcsv
import pyarrow.parquet as pq

from {{ cookiecutter.package_name }}.data.tabular import (
    csv_options,
    csv_reading,
    format_of,
    readable,
    require_file,
)

_BUFFER_BYTES = 1 << 18
"""What is read of a Parquet column at once; without it, whole columns of a row group would be."""


@dataclass(frozen=True)
class Chunk:
    """Some of the rows of a file, in its order.

    `first_row` is the number by which people know the first of them (2 in a CSV file, below its
    header), `share` how much of the file has been read with them, from 0 to 1.
    """

    table: pa.Table
    first_row: int
    share: float


@dataclass(frozen=True)
class Chunks:
    """A file in pieces, to be read once. `schema` is that of the table in every part."""

    schema: pa.Schema
    parts: Iterator[Chunk]

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns, in order."""
        return tuple(self.schema.names)


_Batches = Iterator[tuple[float, pa.RecordBatch]]


@contextmanager
def open_chunks(path: Path, rows: int, columns: Sequence[str] | None = None) -> Iterator[Chunks]:
    """`tabular.read_table` in pieces of at most so many rows, in order, in constant memory.

    `columns` are those that are read, all by default; each has to be there. A file that has a
    header but no rows has no parts.
    """
    require_file(path)
    form = format_of(path)
    with ExitStack() as stack:
        with readable(path):
            opened = _csv(path, columns) if form == "csv" else _parquet(path, rows, columns)
            schema, batches = stack.enter_context(opened)
        if columns is not None:
            schema = pa.schema([schema.field(name) for name in columns])
        first_row = 2 if form == "csv" else 1
        yield Chunks(schema, _sliced(path, batches, schema, rows, first_row))


def _sliced(
    path: Path, batches: _Batches, schema: pa.Schema, rows: int, first_row: int
) -> Iterator[Chunk]:
    while True:
        with readable(path):
            part = next(batches, None)
        if part is None:
            return
        share, batch = part
        table = pa.Table.from_batches([batch])
        if table.column_names != schema.names:
            table = table.select(schema.names)
        for start in range(0, table.num_rows, rows):
            piece = table.slice(start, rows)
            yield Chunk(piece, first_row, share)
            first_row += piece.num_rows


@contextmanager
def _csv(path: Path, columns: Sequence[str] | None) -> Iterator[tuple[pa.Schema, _Batches]]:
    options, size = csv_options(path), path.stat().st_size
    if columns is not None:
        options.converting.include_columns = list(columns)
    with (
        pa.OSFile(str(path)) as file,
        # One thread: its messages have the number of the row.
        pcsv.open_csv(file, csv_reading(use_threads=False), *options) as reader,
    ):
        yield reader.schema, ((file.tell() / size, batch) for batch in reader)


@contextmanager
def _parquet(
    path: Path, rows: int, columns: Sequence[str] | None
) -> Iterator[tuple[pa.Schema, _Batches]]:
    # Read ahead, Arrow would keep what was read: memory would grow with the file.
    with pq.ParquetFile(path, pre_buffer=False, buffer_size=_BUFFER_BYTES) as file:
        wanted = None if columns is None else list(columns)
        batches = enumerate(file.iter_batches(batch_size=rows, columns=wanted), start=1)
        whole = max(file.metadata.num_rows, 1)
        yield file.schema_arrow, ((min(n * rows / whole, 1), batch) for n, batch in batches)
