"""Which split a row belongs to: a hash of the row itself, so no row moves when data grows.

The hash is over a row's columns, so new columns do move rows, unless a key names them.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from {{ cookiecutter.package_name }}.data.arrays import joined, numpy_of
from {{ cookiecutter.package_name }}.data.columns import category_texts
from {{ cookiecutter.package_name }}.data.plan import SplitPlan

Hashes = NDArray[np.uint64]

_NUMBER = re.compile(r"\s*[+-]?(\d+(?:\.\d*)?|\.\d+)([eE][+-]?\d+)?\s*")
"""No digit has two places here: many digits before a letter would be tried in every division."""
_BLOCK_ROWS = 1 << 14
"""Rows that are hashed at once: as many as the processor's own memory holds."""


@dataclass(frozen=True)
class Coded:
    """A text column by its distinct values: `rows` are indexes into `texts`, -1 where missing."""

    texts: list[str]
    rows: NDArray[np.int64]

    def counts(self, chosen: NDArray[np.bool_] | None = None) -> NDArray[np.int64]:
        """How often each text occurs, in all rows or in those that are true."""
        rows = self.rows if chosen is None else self.rows[chosen]
        return np.bincount(rows + 1, minlength=len(self.texts) + 1)[1:]

    @cached_property
    def hashes(self) -> Hashes:
        """One hash a text, and at the end that of a missing one.

        Text that is a number hashes as that number, and missing text as a missing number. A
        column of numbers is a column of text once a file has one word in it; its rows must stay.
        """
        texts = [*self.texts, ""]
        numeric = [place for place, text in enumerate(texts) if not text or _NUMBER.fullmatch(text)]
        numbers = np.array([float(texts[place] or "nan") for place in numeric], np.float64)
        hashes = np.zeros(len(texts), np.uint64)
        hashes[numeric] = number_hashes(numbers)
        rest = np.ones(len(texts), bool)
        rest[numeric] = False
        others = np.flatnonzero(rest).tolist()
        hashes[others] = np.array([_text_hash(texts[place]) for place in others], np.uint64)
        return hashes


def coded(texts: pa.Array | pa.ChunkedArray) -> Coded:
    """Strings by their distinct values."""
    encoded = joined(texts).dictionary_encode()
    rows = encoded.indices
    if rows.null_count:
        rows = rows.fill_null(-1)
    return Coded(encoded.dictionary.to_pylist(), numpy_of(rows).astype(np.int64))


def _text_hash(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "little")


def _mix(values: Hashes, scratch: Hashes) -> None:
    """The finaliser of SplitMix64 (Steele, Lea and Flood, 2014): every bit reaches every bit."""
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB), (31, 1)):
        np.right_shift(values, np.uint64(shift), out=scratch)
        values ^= scratch
        if factor != 1:
            values *= np.uint64(factor)


def number_hashes(numbers: NDArray[np.float64]) -> Hashes:
    """One hash a number: -0.0 is 0.0, and all NaNs are one."""
    plain = numbers + 0.0
    missing = np.isnan(plain)
    if missing.any():
        plain[missing] = np.nan
    hashes = plain.view(np.uint64)
    _mix(hashes, np.empty_like(hashes))
    return hashes


def _of_rows(column: NDArray[np.float64] | Coded, block: slice) -> Hashes:
    if isinstance(column, Coded):
        return column.hashes[column.rows[block]]
    return number_hashes(column[block])


def _read(name: str, values: pa.ChunkedArray | Coded) -> NDArray[np.float64] | Coded:
    if isinstance(values, Coded):
        return values
    if pa.types.is_float64(values.type):
        return numpy_of(values).astype(np.float64, copy=False)
    return coded(category_texts(values, name))


def hash_rows(columns: Mapping[str, pa.ChunkedArray | Coded], salt: str) -> Hashes:
    """One hash a row, of the values and names of its columns, in whatever order they come.

    Numbers are float64 columns, all others are hashed as text. Equal rows have equal hashes.
    """
    if not columns:
        raise ValueError("rows without columns have no hash")
    read = [(np.uint64(_text_hash(name)), _read(name, values)) for name, values in columns.items()]
    first = read[0][1]
    total = np.zeros(len(first.rows if isinstance(first, Coded) else first), np.uint64)
    scratch = np.empty(min(len(total), _BLOCK_ROWS), np.uint64)
    for start in range(0, len(total), _BLOCK_ROWS):
        part = total[start : start + _BLOCK_ROWS]
        unused = scratch[: len(part)]
        for name, column in read:
            named = _of_rows(column, slice(start, start + len(part)))
            named ^= name
            _mix(named, unused)
            part += named
        part ^= np.uint64(_text_hash(salt))
        _mix(part, unused)
    return total


def assign(columns: Mapping[str, pa.ChunkedArray | Coded], plan: SplitPlan) -> NDArray[np.uint8]:
    """For each row the index of its split in `SPLITS`."""
    fractions = (hash_rows(columns, plan.salt) >> np.uint64(11)) * 2.0**-53
    bounds = np.array([plan.train, plan.train + plan.val])
    return np.searchsorted(bounds, fractions, side="right").astype(np.uint8)
