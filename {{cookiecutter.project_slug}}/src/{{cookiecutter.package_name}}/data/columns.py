"""Columns of Arrow tables as `Features`."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from {{ cookiecutter.package_name }}.data.arrays import joined, numpy_of, stacked, text, texts_of
from {{ cookiecutter.package_name }}.data.features import BOOLEANS, Features, category_text
from {{ cookiecutter.package_name }}.data.tabular import is_text
from {{ cookiecutter.package_name }}.schemas.dataset import Column, DataSchema
from {{ cookiecutter.package_name }}.schemas.errors import (
    DataContractError,
    FieldError,
    InvalidRequest,
)

SPELLED_BOOLEANS = texts_of(BOOLEANS)


def _numbers(table: pa.Table, columns: Sequence[Column]) -> NDArray[np.float32]:
    return stacked([_number(table, column.name) for column in columns], table.num_rows)


def _number(table: pa.Table, name: str) -> NDArray[np.generic]:
    values = table.column(name)
    try:
        return numpy_of(pc.cast(values, pa.float32(), safe=False))
    except pa.ArrowInvalid as error:
        raise InvalidRequest(
            [FieldError(None, name, f"expected numbers, got {values.type}: {error}")]
        ) from error


def category_texts(values: pa.ChunkedArray, name: str) -> pa.Array:
    """A column as strings in the spelling of `category_text`, made once a distinct value.

    DataContractError with the column's `name` where it holds a moment that has no spelling.
    """
    if pa.types.is_dictionary(values.type):
        values = values.cast(values.type.value_type)
    if is_text(values.type):
        texts = joined(values).cast(pa.string())
        spelled = pc.is_in(texts, SPELLED_BOOLEANS)
        if pc.any(spelled).as_py():
            texts = pc.if_else(spelled, pc.utf8_lower(texts), texts)
        return pc.fill_null(texts, text("")) if texts.null_count else texts
    encoded = joined(values).dictionary_encode()
    texts = texts_of(_spelled(encoded.dictionary, name))
    return pc.fill_null(texts.take(encoded.indices), text(""))


def _spelled(distinct: pa.Array, name: str) -> list[str]:
    kind = distinct.type
    if pa.types.is_date(kind):  # years after 9999 are no Python date
        spelled: list[str] = pc.cast(distinct, pa.string()).to_pylist()
        return spelled
    if pa.types.is_float16(kind) or pa.types.is_float32(kind):
        return [category_text(value) for value in numpy_of(distinct)]
    try:
        return [category_text(value) for value in _in_python(distinct).to_pylist()]
    except (OverflowError, ValueError) as error:
        raise DataContractError(
            f"Column '{name}' holds {kind}: expected moments of the years 1 to 9999, in a known "
            "time zone."
        ) from error


def _in_python(distinct: pa.Array) -> pa.Array:
    """What Python has objects for: nanoseconds would need pandas."""
    kind = distinct.type
    if pa.types.is_time64(kind):
        return distinct.cast(pa.time64("us"), safe=False)
    if pa.types.is_timestamp(kind):
        # Only nanoseconds lose digits; what is too far for microseconds must not wrap around.
        return distinct.cast(pa.timestamp("us", kind.tz), safe=kind.unit != "ns")
    return distinct


def category_matrix(table: pa.Table, columns: Sequence[Column]) -> NDArray[np.object_]:
    """Columns of a table as strings (N, columns), "" where a value is missing."""
    matrix = np.empty((table.num_rows, len(columns)), dtype=object)
    for index, column in enumerate(columns):
        texts = category_texts(table.column(column.name), column.name)
        matrix[:, index] = texts.to_pylist()
    return matrix


def from_table(table: pa.Table, schema: DataSchema) -> Features:
    """The feature columns of a table, whatever else it holds and in whatever order.

    Raises InvalidRequest naming every column that is missing or is not numbers.
    """
    there = set(table.column_names)
    missing = [column.name for column in schema.columns if column.name not in there]
    if missing:
        raise InvalidRequest(
            [FieldError(None, name, "is missing from the table") for name in missing]
        )
    return Features(_numbers(table, schema.numbers), category_matrix(table, schema.categories))
