"""Rows of a file as the model's arrays: at full speed where all is well.

Nearly every piece of nearly every Parquet file holds plain numbers that the model takes. These go
into the matrix as they are and are looked at there; whatever is not surely right is left to
`contract.model_columns`, which knows every spelling, rule and sentence.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from {{ cookiecutter.package_name }}.data.arrays import numpy_of, stacked
from {{ cookiecutter.package_name }}.data.chunks import Chunk
from {{ cookiecutter.package_name }}.data.columns import category_matrix, from_table
from {{ cookiecutter.package_name }}.data.features import Features
from {{ cookiecutter.package_name }}.inference.contract import model_columns
from {{ cookiecutter.package_name }}.inference.expected import range_of
from {{ cookiecutter.package_name }}.schemas.dataset import Column, DataSchema


class FeatureReader:
    """Reads the columns of one model out of the pieces of one file."""

    def __init__(self, schema: DataSchema, source: Path) -> None:
        self._schema = schema
        self._source = source
        self._numbers = schema.numbers
        self._categories = schema.categories
        ranges = np.array([range_of(column) for column in self._numbers], dtype=np.float32)
        self._lowest, self._highest = ranges.reshape(-1, 2).T

    def read(self, part: Chunk) -> Features:
        """The features of its rows; DataContractError where the model does not take them."""
        numbers = [part.table.column(column.name) for column in self._numbers]
        if not all(_is_plain(values.type) for values in numbers):
            return from_table(self._checked(part, self._schema.columns), self._schema)
        matrix = stacked([_floats(values) for values in numbers], part.table.num_rows)
        doubtful = set(self._doubtful(matrix, numbers))
        looked_at = [c for c in self._schema.columns if c.kind == "category" or c.name in doubtful]
        typed = self._checked(part, looked_at) if looked_at else part.table
        return Features(matrix, category_matrix(typed, self._categories))

    def _checked(self, part: Chunk, columns: Sequence[Column]) -> pa.Table:
        schema = self._schema.model_copy(update={"columns": tuple(columns)})
        return model_columns(part.table, schema, self._source, part.first_row)

    def _doubtful(
        self, matrix: NDArray[np.float32], numbers: Sequence[pa.ChunkedArray]
    ) -> Iterator[str]:
        """Number columns that may hold what they must not: infinity, say, or nothing."""
        if not len(matrix):
            return
        # Rounded to 32 bits, what is too small may be on the limit; and NaN is never within.
        inside = (matrix.min(axis=0) > self._lowest) & (matrix.max(axis=0) < self._highest)
        for place in np.flatnonzero(~inside).tolist():
            if not _all_taken(self._numbers[place], numbers[place]):
                yield self._numbers[place].name


def _is_plain(type_: pa.DataType) -> bool:
    return type_ in (pa.float64(), pa.float32()) or pa.types.is_integer(type_)


def _floats(values: pa.ChunkedArray) -> NDArray[np.generic]:
    # Whole numbers go through 64 bits of floating point wherever they come from: CSV, JSON.
    if pa.types.is_integer(values.type) and (values.null_count or values.type.bit_width == 64):
        values = pc.cast(values, pa.float64(), safe=False)
    return numpy_of(values)


def _all_taken(column: Column, values: pa.ChunkedArray) -> bool:
    if column.required and (values.null_count or pc.any(pc.is_nan(values)).as_py()):
        return False
    seen = pc.min_max(values).as_py()
    low, high = range_of(column)
    return seen["min"] is None or bool(low <= seen["min"] and seen["max"] <= high)
