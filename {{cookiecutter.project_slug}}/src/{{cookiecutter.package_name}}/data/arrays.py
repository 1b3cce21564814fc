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
