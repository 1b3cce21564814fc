"""Which split a row belongs to: a hash of the row itself, so no row moves when data grows.

The hash is over a row's columns, so new columns do move rows, unless a key names them.
"""

import hashlib
import re
from collections.abc import Mapping

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from {{ cookiecutter.package_name }}.data.arrays import numpy_of
from {{ cookiecutter.package_name }}.data.columns import category_texts
from {{ cookiecutter.package_name }}.data.plan import SplitPlan

Hashes = NDArray[np.uint64]


_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")


def _text_hash(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "little")


def _mixed(values: Hashes) -> Hashes:
    """The finaliser of SplitMix64 (Steele, Lea and Flood, 2014): every bit reaches every bit."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


def _numbers_hashed(values: pa.ChunkedArray) -> Hashes:
    return _numbers_bits(numpy_of(values).astype(np.float64))


def _numbers_bits(numbers: NDArray[np.float64]) -> Hashes:
    # One bit pattern a value: -0.0 is 0.0, and there are many NaNs.
    return _mixed(np.where(np.isnan(numbers), np.nan, numbers + 0.0).view(np.uint64))


def _texts_hashed(values: pa.ChunkedArray) -> Hashes:
    """Text that is a number hashes as that number, and missing text as a missing number.

    A column of numbers is a column of text once a file has one word in it; its rows must stay.
    """
    encoded = category_texts(values).dictionary_encode()
    texts = encoded.dictionary.to_pylist()
    hashes = np.array([_text_hash(text) for text in texts], np.uint64)
    numeric = np.array([not text or bool(_NUMBER.fullmatch(text)) for text in texts], bool)
    numbers = [float(texts[index] or "nan") for index in np.flatnonzero(numeric)]
    hashes[numeric] = _numbers_bits(np.array(numbers, np.float64))
    rows = numpy_of(encoded.indices).astype(np.int64)
    return hashes[rows]


def hash_rows(columns: Mapping[str, pa.ChunkedArray], salt: str) -> Hashes:
    """One hash a row, of the values and names of its columns, in whatever order they come.

    Numbers are float64 columns, all others are hashed as text. Equal rows have equal hashes.
    """
    total: Hashes | None = None
    for name, values in columns.items():
        number = pa.types.is_float64(values.type)
        hashes = _numbers_hashed(values) if number else _texts_hashed(values)
        named = _mixed(hashes ^ np.uint64(_text_hash(name)))
        total = named if total is None else total + named
    if total is None:
        raise ValueError("rows without columns have no hash")
    return _mixed(total ^ np.uint64(_text_hash(salt)))


def assign(columns: Mapping[str, pa.ChunkedArray], plan: SplitPlan) -> NDArray[np.int8]:
    """For each row the index of its split in `SPLITS`."""
    fractions = (hash_rows(columns, plan.salt) >> np.uint64(11)) * 2.0**-53
    bounds = np.array([plan.train, plan.train + plan.val])
    return np.searchsorted(bounds, fractions, side="right").astype(np.int8)
