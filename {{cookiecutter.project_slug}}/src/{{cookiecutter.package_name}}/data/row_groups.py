"""How a Parquet file is laid out, by its first rows: the length of row groups, dictionaries."""

import pyarrow as pa
import pyarrow.compute as pc

from {{ cookiecutter.package_name }}.data.arrays import joined
from {{ cookiecutter.package_name }}.data.tabular import is_text

MEASURED_ROWS = 1 << 10
"""The first rows of a table, by which the size of a row is known."""
_COUNTED_ROWS = 1 << 14
"""The first rows of a table, by which it is known whether the values of a column repeat."""
_GROUP_BYTES = 32 << 20
"""How much a row group holds: its writer keeps that in memory, its readers skip by it."""
_MOST_ROWS = 1 << 20


def group_rows(table: pa.Table) -> int:
    """Rows that hold `_GROUP_BYTES`, by the first ones; a power of two."""
    first = table.slice(0, MEASURED_ROWS)
    measured = sum(_size(joined(column)) for column in first.columns)
    fitting: int = _GROUP_BYTES * first.num_rows // max(measured, 1)
    return min(1 << max(fitting.bit_length() - 1, 0), _MOST_ROWS)


def _size(values: pa.Array) -> int:
    """Bytes of the values alone, however they lie in memory."""
    kind = values.type
    if is_text(kind) or kind in (pa.binary(), pa.large_binary()):
        return int(pc.sum(pc.binary_length(values)).as_py() or 0)
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        return _size(values.flatten())
    if pa.types.is_struct(kind):
        return sum(_size(field) for field in values.flatten())
    width: int = kind.bit_width // 8 if pa.types.is_primitive(kind) else 8
    return len(values) * width


def in_one_order(table: pa.Table) -> pa.Table:
    """Dictionaries in the order of their first use, whatever they were in the pieces."""
    for place, field in enumerate(table.schema):
        if pa.types.is_dictionary(field.type):
            decoded = table.column(place).cast(field.type.value_type)
            encoded = decoded.dictionary_encode().cast(field.type)
            table = table.set_column(place, field, encoded)
    return table


def repeating(table: pa.Table) -> list[str]:
    """The columns that are stored as a dictionary and where in it each value is.

    Where values hardly repeat, the dictionary takes four times the time that writing takes
    without one, and more room than it saves.
    """
    first = table.slice(0, _COUNTED_ROWS)
    columns = zip(first.column_names, first.columns, strict=True)
    return [name for name, column in columns if _repeats(column)]


def _repeats(values: pa.ChunkedArray) -> bool:
    if pa.types.is_nested(values.type):
        return False
    if pa.types.is_dictionary(values.type):
        return True
    try:
        distinct = pc.count_distinct(values).as_py()
    except pa.ArrowNotImplementedError:  # of no values, of views, of extension types
        return False
    return bool(2 * distinct <= len(values))
