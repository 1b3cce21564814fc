"""Rows as the bytes of an array: what clients send who have arrays and many rows."""

import io
import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from {{ cookiecutter.package_name }}.data.features import Features
from {{ cookiecutter.package_name }}.inference.predictor import Predictor
from {{ cookiecutter.package_name }}.schemas.errors import FieldError, InvalidRequest
from {{ cookiecutter.package_name }}.utils.words import counted

_FLOAT_BYTES = 4
_NUMBERS = frozenset(
    {"f2", "f4", "f8", *(f"{kind}{size}" for kind in "iu" for size in (1, 2, 4, 8))}
)
_MOST_HEADER = 1000
"""Characters of a NumPy file's header: those of numbers need a tenth."""

Numbers = NDArray[np.float32] | NDArray[np.float64]


def from_octets(predictor: Predictor, body: bytes, most: int) -> Features:
    """Rows of little-endian 32-bit floats, one row after the other; InvalidRequest."""
    width = len(predictor.info.data_schema.columns)
    row = width * _FLOAT_BYTES
    rows, rest = divmod(len(body), row)
    if rest:
        raise _refused(
            f"expected a multiple of {row} bytes ({counted(width, 'column')} of 32-bit floats), "
            f"got {counted(len(body), 'byte')}"
        )
    _count(rows, most)
    matrix = np.frombuffer(body, dtype="<f4").reshape(rows, width)
    return _checked(predictor, matrix.astype(np.float32))


def from_npy(predictor: Predictor, body: bytes, most: int) -> Features:
    """Rows of numbers as NumPy's `save` writes them; InvalidRequest."""
    schema = predictor.info.data_schema
    shape, by_columns, kind, start = _header(body)
    width, image = len(schema.columns), schema.image_shape
    if len(shape) < 2 or shape[1:] not in {(width,), image}:
        pictures = f" or (rows, {', '.join(map(str, image))})" if image else ""
        raise _refused(f"expected an array of shape (rows, {width}){pictures}, got {shape}")
    if f"{kind.kind}{kind.itemsize}" not in _NUMBERS:
        raise _refused(f"expected an array of floats or integers of up to 64 bits, got {kind}")
    _count(shape[0], most)
    size = math.prod(shape) * kind.itemsize
    if len(body) - start != size:
        raise _refused(
            f"expected {counted(size, 'byte')} after the header, got {len(body) - start:,}"
        )
    flat = np.frombuffer(body, dtype=kind, offset=start)
    array = flat.reshape(shape, order="F" if by_columns else "C").reshape(shape[0], width)
    single = kind.kind == "f" and kind.itemsize <= _FLOAT_BYTES
    matrix: Numbers = array.astype(np.float32) if single else array.astype(np.float64)
    return _checked(predictor, matrix)


def _header(body: bytes) -> tuple[tuple[int, ...], bool, np.dtype[Any], int]:
    """Shape, whether column comes after column, type, and where the numbers begin."""
    file = io.BytesIO(body)
    try:
        version = np.lib.format.read_magic(file)
        if version == (1, 0):
            found = np.lib.format.read_array_header_1_0(file, max_header_size=_MOST_HEADER)
        else:
            found = np.lib.format.read_array_header_2_0(file, max_header_size=_MOST_HEADER)
    except (ValueError, SyntaxError, RecursionError, MemoryError) as error:
        raise _refused("expected a file as numpy.save writes it; its header is none") from error
    return *found, file.tell()


def _checked(predictor: Predictor, matrix: Numbers) -> Features:
    return predictor.tensors.read(matrix, np.empty((len(matrix), 0), dtype=object))


def _count(rows: int, most: int) -> None:
    if not 1 <= rows <= most:
        raise _refused(f"expected an array of 1 to {most} rows, got {rows} rows")


def _refused(message: str) -> InvalidRequest:
    return InvalidRequest([FieldError(None, None, message)])
