"""Elements of tensors, from JSON or bytes to arrays, and back.

Bytes are little-endian, row after row. An element of BYTES has its length before it, 4 bytes.
Whatever cannot be read is a `ValueError` that says what was expected, of the tensor alone.
"""

import struct
from collections.abc import Iterable
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from {{ cookiecutter.package_name }}.inference.refusals import shown
from {{ cookiecutter.package_name }}.utils.words import counted
from {{ cookiecutter.package_name }}_api.protocol.tensors import Tensor

_LENGTH = struct.Struct("<I")
_NUMBERS = frozenset({int, float, type(None)})
_TEXTS = frozenset({str, type(None)})

Elements = NDArray[Any]
"""Floating-point numbers, or str in an array of objects."""


def from_json(data: object, tensor: Tensor, rows: int) -> Elements:
    """Elements in one array, or an array a row; null, and NaN in numbers, is a missing one.

    Numbers come as float64 (rows, width), texts as str.
    """
    flat = _flat(data, tensor, rows)
    kinds = _NUMBERS if tensor.datatype == "FP32" else _TEXTS
    if not set(map(type, flat)) <= kinds:
        place, wrong = next((i, v) for i, v in enumerate(flat) if type(v) not in kinds)
        expected = "a number" if tensor.datatype == "FP32" else "a text"
        raise ValueError(f"expected {expected} as {_place(place, tensor)}, got {shown(wrong)}")
    if tensor.datatype == "BYTES":
        return _texts(["" if text is None else str(text) for text in flat], tensor, rows)
    try:
        return np.array(flat, dtype=np.float64).reshape(rows, tensor.width)
    except OverflowError:
        raise ValueError("holds an integer of more than 308 digits") from None


def _flat(data: object, tensor: Tensor, rows: int) -> list[object]:
    if not isinstance(data, list):
        raise ValueError(f"expected an array as 'data', got {shown(data)}")
    nested = bool(data) and isinstance(data[0], list)
    if nested and not all(isinstance(row, list) and len(row) == tensor.width for row in data):
        raise ValueError(f"expected {counted(tensor.width, 'element')} in each row of 'data'")
    flat = list(chain.from_iterable(data)) if nested else data
    if len(flat) != rows * tensor.width:
        raise ValueError(
            f"expected {counted(rows * tensor.width, 'element')} for the shape "
            f"[{rows},{tensor.width}], got {len(flat):,}"
        )
    return flat


def from_bytes(content: memoryview, tensor: Tensor, rows: int) -> Elements:
    """The same from bytes; numbers come as float32."""
    if tensor.datatype == "BYTES":
        return _texts(_texts_in(content, tensor, rows * tensor.width), tensor, rows)
    expected = rows * tensor.width * 4
    if len(content) != expected:
        raise ValueError(
            f"expected {counted(expected, 'byte')} for the shape [{rows},{tensor.width}], "
            f"got {len(content):,}"
        )
    return np.frombuffer(content, dtype="<f4").reshape(rows, tensor.width)


def _texts_in(content: memoryview, tensor: Tensor, number: int) -> list[str]:
    texts: list[str] = []
    start = 0
    for place in range(number):
        begin = start + _LENGTH.size
        # A slice beyond the end would be shorter, and a text cut off would be another text.
        start = begin + _LENGTH.unpack_from(content, start)[0] if begin <= len(content) else -1
        if not 0 <= start <= len(content):
            whole = counted(number, "element")
            raise ValueError(f"its bytes end within {_place(place, tensor)} of {whole}")
        try:
            texts.append(str(content[begin:start], "utf-8"))
        except UnicodeDecodeError:
            raise ValueError(f"expected UTF-8 as {_place(place, tensor)}") from None
    if start != len(content):
        raise ValueError(
            f"expected {counted(number, 'element')}, "
            f"got {counted(len(content) - start, 'byte')} more than they take"
        )
    return texts


def _texts(texts: list[str], tensor: Tensor, rows: int) -> NDArray[np.object_]:
    return np.array(texts, dtype=object).reshape(rows, tensor.width)


def _place(place: int, tensor: Tensor) -> str:
    return f"element [{place // tensor.width},{place % tensor.width}]"


def to_bytes(elements: NDArray[np.generic]) -> bytes:
    """Elements as bytes: of float32, or of str in an array of objects."""
    if elements.dtype != np.object_:
        return elements.astype("<f4", copy=False).tobytes()
    return b"".join(_with_lengths(elements.ravel().tolist()))


def _with_lengths(texts: Iterable[str]) -> Iterable[bytes]:
    for text in texts:
        encoded = text.encode()
        yield _LENGTH.pack(len(encoded))
        yield encoded
