"""The second reading of a source: each row goes to the file of its split."""

from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from {{ cookiecutter.package_name }}.data.layout import TypedColumn
from {{ cookiecutter.package_name }}.data.reading import Reader
from {{ cookiecutter.package_name }}.data.scan import Scanned
from {{ cookiecutter.package_name }}.data.splitting import coded
from {{ cookiecutter.package_name }}.data.tallies import Finalists
from {{ cookiecutter.package_name }}.data.writers import ParquetWriter
from {{ cookiecutter.package_name }}.schemas.dataset import SPLITS, DataFile, SplitName
from {{ cookiecutter.package_name }}.schemas.errors import DataError
from {{ cookiecutter.package_name }}.utils.files import sha256_of


@dataclass(frozen=True)
class Rows:
    """Typed rows of a part, and for each the index of its split."""

    columns: list[TypedColumn]
    splits: NDArray[np.uint8]

    def table(self) -> pa.Table:
        """Features then target, as the Parquet files hold them."""
        return pa.table(
            {
                column.name: column.values
                if column.kind == "number" or not column.values.null_count
                else pc.fill_null(column.values, "")
                for column in self.columns
            }
        )


def _again(reader: Reader, found: Scanned) -> Iterator[Rows]:
    """All rows a second time, without what is no feature."""
    layout, kinds = replace(found.layout, key=None), found.kinds
    known = kinds.changes
    found.splits.rewind()
    read = 0
    for part in reader.parts("writing", layout.needed):
        splits = found.splits.read(part.table.num_rows)
        yield Rows(kinds.read(part.table, layout), splits)
        read += len(splits)
    if read != found.splits.rows or kinds.changes != known:
        raise DataError(f"'{reader.rows.source}' was changed while it was read: run it again.")


def write(
    folder: Path, reader: Reader, found: Scanned, finalists: Mapping[str, Finalists]
) -> dict[SplitName, DataFile]:
    """One Parquet file a split; `finalists` count texts of their columns on the way."""
    paths = {split: folder / f"{split}.parquet" for split in SPLITS}
    with ExitStack() as stack:
        # One thread a file: Parquet is encoded while the next rows are read.
        pools = [stack.enter_context(ThreadPoolExecutor(1, split)) for split in SPLITS]
        writers = [stack.enter_context(ParquetWriter(paths[s], "zstd")) for s in SPLITS]
        pending: list[Future[None]] = []
        for rows in _again(reader, found):
            for column in rows.columns:
                if column.name in finalists:
                    finalists[column.name].add(coded(column.values), rows.splits == 0)
            table = rows.table()
            shares = [table.filter(pa.array(rows.splits == place)) for place in range(len(SPLITS))]
            for written in pending:
                written.result()
            pending = [
                pool.submit(writer.write, share)
                for pool, writer, share in zip(pools, writers, shares, strict=True)
            ]
        for written in pending:
            written.result()
    with ThreadPoolExecutor(len(SPLITS)) as pool:
        digests = list(pool.map(sha256_of, paths.values()))
    counts = found.splits.counts.tolist()
    return {
        split: DataFile(path=paths[split].name, rows=rows, sha256=digest)
        for split, rows, digest in zip(SPLITS, counts, digests, strict=True)
    }
