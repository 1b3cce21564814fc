"""Columns of Arrow tables as `Features`."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from {{ cookiecutter.package_name }}.data.arrays import joined, numpy_of, text, texts_of
from {{ cookiecutter.package_name }}.data.features import Features, category_text
from {{ cookiecutter.package_name }}.schemas.dataset import Column, DataSchema
from {{ cookiecutter.package_name }}.schemas.errors import FieldError, InvalidRequest


def _numbers(table: pa.Table, columns: Sequence[Column]) -> NDArray[np.float32]:
    matrix = np.empty((table.num_rows, len(columns)), dtype=np.float32)
    for index, column in enumerate(columns):
        values = table.column(column.name)
        try:
            values = pc.cast(values, pa.float32(), safe=False)
        except pa.ArrowInvalid as error:
            raise InvalidRequest(
                [FieldError(None, column.name, f"expected numbers, got {values.type}: {error}")]
            ) from error
        matrix[:, index] = numpy_of(values)
    return matrix


def category_texts(values: pa.ChunkedArray) -> pa.Array:
    """A column as strings in the spelling of `category_text`, made once a distinct value."""
    if pa.types.is_dictionary(values.type):
        values = values.cast(values.type.value_type)
    if pa.types.is_timestamp(values.type):  # nanoseconds as Python objects would need pandas
        values = values.cast(pa.timestamp("us", values.type.tz), safe=False)
    encoded = joined(values).dictionary_encode()
    texts = texts_of([category_text(value) for value in encoded.dictionary.to_pylist()])
    return pc.fill_null(texts.take(encoded.indices), text(""))


def _categories(table: pa.Table, columns: Sequence[Column]) -> NDArray[np.object_]:
    matrix = np.empty((table.num_rows, len(columns)), dtype=object)
    for index, column in enumerate(columns):
        texts = category_texts(table.column(column.name))
        matrix[:, index] = texts.to_pylist()
    return matrix


def from_table(table: pa.Table, schema: DataSchema) -> Features:
    """The feature columns of a table, whatever else it holds and in whatever order.

    Raises InvalidRequest naming every column that is missing or is not numbers.
    """
    missing = [c.name for c in schema.columns if c.name not in table.column_names]
    if missing:
        raise InvalidRequest(
            [FieldError(None, name, "is missing from the table") for name in missing]
        )
    return Features(_numbers(table, schema.numbers), _categories(table, schema.categories))
