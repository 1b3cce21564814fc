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
from {{ cookiecutter.package_name }}.schemas.errors import FieldError, InvalidRequest

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


def category_texts(values: pa.ChunkedArray) -> pa.Array:
    """A column as strings in the spelling of `category_text`, made once a distinct value."""
    if pa.types.is_dictionary(values.type):
        values = values.cast(values.type.value_type)
    if is_text(values.type):
        texts = joined(values).cast(pa.string())
        spelled = pc.is_in(texts, SPELLED_BOOLEANS)
        if pc.any(spelled).as_py():
            texts = pc.if_else(spelled, pc.utf8_lower(texts), texts)
        return pc.fill_null(texts, text("")) if texts.null_count else texts
    if pa.types.is_timestamp(values.type):  # nanoseconds as Python objects would need pandas
        values = values.cast(pa.timestamp("us", values.type.tz), safe=False)
    encoded = joined(values).dictionary_encode()
    texts = texts_of([category_text(value) for value in encoded.dictionary.to_pylist()])
    return pc.fill_null(texts.take(encoded.indices), text(""))


def category_matrix(table: pa.Table, columns: Sequence[Column]) -> NDArray[np.object_]:
    """Columns of a table as strings (N, columns), "" where a value is missing."""
    matrix = np.empty((table.num_rows, len(columns)), dtype=object)
    for index, column in enumerate(columns):
        texts = category_texts(table.column(column.name))
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
