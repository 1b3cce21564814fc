"""How much an uploaded table may hold: a small file can be a very large table."""

import re
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from {{ cookiecutter.package_name }}.data.tabular import (
    format_of,
    readable,
    require_file,
)
from {{ cookiecutter.package_name }}.schemas.errors import DataError

MOST_CELLS = 10_000_000
MOST_ROWS = 1_000_000
MOST_COLUMNS = 10_000
MOST_BYTES = 500_000_000
_TEXTS = ("BYTE_ARRAY",)


def check_size(path: Path) -> None:
    """DataError where the file holds more than is read at once; it is not decoded to know that."""
    require_file(path)
    form = format_of(path)
    with readable(path):
        sizes = _of_csv(path) if form == "csv" else _of_parquet(path)
    limits = {
        "columns": MOST_COLUMNS,
        "rows": MOST_ROWS,
        "cells": MOST_CELLS,
        "bytes of cells": MOST_BYTES,
    }
    for what, limit in limits.items():
        if sizes.get(what, 0) > limit:
            raise DataError(
                f"'{path}' has {sizes[what]:,} {what}: expected at most {limit:,} at once; "
                "split it, or use `uv run predict`."
            )


def _of_csv(path: Path) -> dict[str, int]:
    content = path.read_bytes()
    first = re.sub(rb'"[^"]*"', b"", content.partition(b"\n")[0])
    delimiter = max((b",", b";", b"\t", b"|"), key=first.count)
    rows = content.count(b"\n")
    cells = content.count(delimiter) + rows
    return {"columns": first.count(delimiter) + 1, "rows": rows, "cells": cells}


def _of_parquet(path: Path) -> dict[str, int]:
    with pq.ParquetFile(path) as file:
        about = file.metadata
        columns = [
            about.row_group(group).column(column)
            for group in range(about.num_row_groups)
            for column in range(about.num_columns)
        ]
    sizes = {
        "columns": about.num_columns,
        "rows": about.num_rows,
        "cells": max(sum(one.num_values for one in columns), about.num_rows * about.num_columns),
        "bytes of cells": sum(one.total_uncompressed_size for one in columns),
    }
    if sizes["cells"] <= MOST_CELLS and sizes["bytes of cells"] <= MOST_BYTES:
        texts = {one.path_in_schema for one in columns if one.physical_type in _TEXTS}
        sizes["bytes of cells"] = max(sizes["bytes of cells"], _text_bytes(path, sorted(texts)))
    return sizes


def _text_bytes(path: Path, columns: list[str]) -> int:
    """Bytes of the texts when each cell has its own: a file keeps those that are alike once."""
    total = 0
    with pq.ParquetFile(path, read_dictionary=columns) as file:
        for group in range(file.num_row_groups) if columns else []:
            for column in file.read_row_group(group, columns).columns:
                for chunk in column.chunks:
                    if isinstance(chunk, pa.DictionaryArray):
                        lengths = pc.binary_length(chunk.dictionary)
                        total += pc.sum(lengths.take(chunk.indices).cast(pa.int64())).as_py() or 0
    return total
