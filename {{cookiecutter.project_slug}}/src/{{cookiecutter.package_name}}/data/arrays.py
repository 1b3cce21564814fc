"""Between Arrow, numpy and Python, without pandas.

Where pandas is installed, pyarrow's own conversions import it (most of a second, 50 MiB) only to
see whether they were given a frame. What a training or the service calls goes through here.
"""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray


def array_of(values: NDArray[np.generic]) -> pa.Array:
    """A one-dimensional array of numbers as an Arrow array on the same memory."""
    values = np.ascontiguousarray(values)
    type_ = pa.from_numpy_dtype(values.dtype)
    return pa.Array.from_buffers(type_, len(values), [None, pa.py_buffer(values)])


def texts_of(values: Sequence[str]) -> pa.Array:
    """Strings as an Arrow array."""
    encoded = [value.encode() for value in values]
    ends = np.cumsum([0, *map(len, encoded)], dtype=np.int32)
    content = pa.py_buffer(b"".join(encoded))
    return pa.StringArray.from_buffers(len(encoded), pa.py_buffer(ends), content)


def text(value: str) -> pa.Scalar:
    """A string as an Arrow scalar."""
    return texts_of([value])[0]


def null(type_: pa.DataType) -> pa.Scalar:
    """A missing value of a type."""
    return pa.nulls(1, type_)[0]


def joined(values: pa.Array | pa.ChunkedArray) -> pa.Array:
    """A column in one piece."""
    if isinstance(values, pa.Array):
        return values
    return pa.concat_arrays(values.chunks or [pa.nulls(0, values.type)])


def numpy_of(values: pa.Array | pa.ChunkedArray) -> NDArray[np.generic]:
    """Numbers as a numpy array, NaN where a float is null; integers must not be null."""
    whole = joined(values)
    if whole.null_count:
        missing = np.array([np.nan], dtype=whole.type.to_pandas_dtype())
        whole = pc.fill_null(whole, array_of(missing)[0])
    numbers: NDArray[np.generic] = np.from_dlpack(whole)
    return numbers


_BLOCK_ROWS, _BLOCK_COLUMNS = 4096, 16
"""So much of a matrix is turned from columns to rows at once: what a core's own cache holds."""


def stacked(columns: Sequence[NDArray[np.generic]], rows: int) -> NDArray[np.float32]:
    """Columns of numbers, each of shape (rows,), as one float32 matrix of (rows, columns).

    What float32 cannot hold becomes infinite.
    """
    matrix = np.empty((rows, len(columns)), dtype=np.float32)
    block = np.empty((_BLOCK_COLUMNS, min(rows, _BLOCK_ROWS)), dtype=np.float32)
    with np.errstate(over="ignore"):
        for top in range(0, rows, _BLOCK_ROWS):
            height = min(_BLOCK_ROWS, rows - top)
            for left in range(0, len(columns), _BLOCK_COLUMNS):
                few = columns[left : left + _BLOCK_COLUMNS]
                for place, values in enumerate(few):
                    block[place, :height] = values[top : top + height]
                matrix[top : top + height, left : left + len(few)] = block[: len(few), :height].T
    return matrix


def has_nan(values: pa.ChunkedArray) -> bool:
    """Whether a column of floats has a NaN among its values."""
    if values.null_count:
        return bool(pc.any(pc.is_nan(values), min_count=0).as_py())
    # A fifth of the time that Arrow takes.
    return any(bool(np.isnan(np.from_dlpack(chunk)).any()) for chunk in values.chunks)


def range_of(values: pa.ChunkedArray) -> tuple[float | None, float | None]:
    """The smallest and the largest number of a column; None where it has none. NaN is not looked
    for.
    """
    present = values.drop_null() if values.null_count else values
    if not len(present):
        return None, None
    # A tenth of the time that Arrow takes.
    parts = [np.from_dlpack(chunk) for chunk in present.chunks if len(chunk)]
    return float(min(part.min() for part in parts)), float(max(part.max() for part in parts))
