"""The rows of a file against what a model's columns take: whole columns at once, with Arrow."""

import math
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from {{ cookiecutter.package_name }}.data.arrays import texts_of
from {{ cookiecutter.package_name }}.data.columns import category_texts
from {{ cookiecutter.package_name }}.data.layout import is_readable
from {{ cookiecutter.package_name }}.data.tabular import as_numbers, without_missing
from {{ cookiecutter.package_name }}.inference.expected import (
    LARGEST,
    TOO_LARGE,
    category_words,
    number_words,
    range_of,
)
from {{ cookiecutter.package_name }}.inference.refusals import shown
from {{ cookiecutter.package_name }}.schemas.dataset import Column, DataSchema
from {{ cookiecutter.package_name }}.schemas.errors import DataContractError

_MOST_TOLD = 20
_MOST_OF_A_COLUMN = 3
_UNREADABLE = "Column '{name}' holds {kind}: expected numbers, text or booleans."
_Wrong = tuple[Column, pa.ChunkedArray, list[int]]
"""A column, its values as the file has them, and the rows of those that it does not take."""


def model_columns(table: pa.Table, schema: DataSchema, source: Path, first_row: int) -> pa.Table:
    """The model's columns of some rows of a file, as numbers and as categories.

    `first_row` is the number by which people know the first of these rows. DataContractError
    where a column holds what it does not take: up to 3 rows of each such column, with what was
    expected there, and how many more there are.
    """
    typed: dict[str, pa.ChunkedArray] = {}
    wrong: list[_Wrong] = []
    for column in schema.columns:
        raw = table.column(column.name)
        typed[column.name], refused = read_column(column, raw)
        if refused is not None:
            wrong.append((column, raw, pc.indices_nonzero(refused).to_pylist()))
    if wrong:
        lines = [f"'{source}', {line}" for line in _told(wrong, first_row)]
        more = sum(len(rows) for _, _, rows in wrong) - len(lines)
        lines += [f"… and {more:,} more in these rows."] if more else []
        raise DataContractError("\n".join(lines))
    return pa.table(typed)


def _decoded(values: pa.ChunkedArray) -> pa.ChunkedArray:
    dictionary = pa.types.is_dictionary(values.type)
    return values.cast(values.type.value_type) if dictionary else values


def read_column(
    column: Column, raw: pa.ChunkedArray
) -> tuple[pa.ChunkedArray, pa.ChunkedArray | pa.Array | None]:
    """A file's column as numbers or categories, null where missing, and which rows are refused.

    The second is true where the column does not take what is there; None where it takes all.
    """
    raw = _decoded(raw)
    if column.kind == "category":
        if not is_readable(raw.type):
            raise DataContractError(_UNREADABLE.format(name=column.name, kind=raw.type))
        values = without_missing(raw)
        return values, None if _all_allowed(column, values) else _not_allowed(column, values)
    values, wrong = as_numbers(raw)
    kept = _all_in_range(column, values, wrong)
    return values, None if kept else _outside(column, values, wrong)


def _all_in_range(column: Column, numbers: pa.ChunkedArray, wrong: pa.ChunkedArray) -> bool:
    if pc.any(wrong).as_py() or (column.required and numbers.null_count):
        return False
    seen = pc.min_max(numbers).as_py()
    low, high = range_of(column)
    return seen["min"] is None or bool(low <= seen["min"] and seen["max"] <= high)


def _outside(column: Column, numbers: pa.ChunkedArray, wrong: pa.ChunkedArray) -> pa.ChunkedArray:
    low, high = range_of(column)
    outside = pc.or_(pc.less(numbers, low), pc.greater(numbers, high))
    refused = pc.or_(wrong, pc.fill_null(outside, False))
    return pc.or_(refused, pc.is_null(numbers)) if column.required else refused


def _all_allowed(column: Column, values: pa.ChunkedArray) -> bool:
    if column.required and values.null_count:
        return False
    if not column.allowed:
        return True
    distinct = category_texts(pc.unique(values).drop_null(), column.name)
    return bool(pc.all(pc.is_in(distinct, texts_of(column.allowed)), min_count=0).as_py())


def _not_allowed(column: Column, values: pa.ChunkedArray) -> pa.Array:
    refused = pc.is_null(values)
    if not column.required:
        refused = pc.and_(refused, False)
    if not column.allowed:
        return refused
    texts = category_texts(values, column.name)
    outside = pc.invert(pc.is_in(texts, texts_of(column.allowed)))
    return pc.or_(refused, pc.and_(outside, pc.is_valid(values)))


def _told(wrong: list[_Wrong], first_row: int) -> Iterator[str]:
    most = max(1, min(_MOST_OF_A_COLUMN, _MOST_TOLD // len(wrong)))
    for column, raw, rows in wrong[:_MOST_TOLD]:
        for row in rows[:most]:
            place = f"row {first_row + row}, column '{column.name}'"
            yield f"{place}: {refusal(column, raw.slice(row, 1))}."


def refusal(column: Column, value: pa.ChunkedArray) -> str:
    """What was expected and what came, for a file's column of one row."""
    value = _decoded(value)
    missing = without_missing(value).null_count > 0
    got = "no value" if missing else shown(_spelled(value))
    return f"expected {_expected(column, value)}, got {got}"


def _spelled(value: pa.ChunkedArray) -> str:
    kind = value.type
    if pa.types.is_timestamp(kind):  # Arrow's own spelling has no limits, but needs the time zone
        value = value.cast(pa.timestamp(kind.unit))
    if pa.types.is_temporal(kind) and not pa.types.is_interval(kind):
        value = pc.cast(value, pa.string())
    return str(value[0].as_py())


def _expected(column: Column, value: pa.ChunkedArray) -> str:
    if column.kind == "category":
        return category_words(column, "a value")
    number = as_numbers(value)[0][0].as_py()
    too_large = number is not None and LARGEST < abs(number) < math.inf
    return number_words(column, TOO_LARGE if too_large else "a finite number")
