"""Why rows do not fit a model's columns: each wrong value, where it stands, what was expected.

Looks at one value after the other, so it is asked only about rows that were refused.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from difflib import get_close_matches

import numpy as np

from {{ cookiecutter.package_name }}.data.features import category_text
from {{ cookiecutter.package_name }}.inference.expected import (
    LARGEST,
    TOO_LARGE,
    category_words,
    number_words,
)
from {{ cookiecutter.package_name }}.schemas.dataset import Column, DataSchema
from {{ cookiecutter.package_name }}.schemas.errors import FieldError
from {{ cookiecutter.package_name }}.utils.words import counted

_SHOWN_LENGTH = 40


def refusals(rows: list[object], schema: DataSchema) -> Iterator[FieldError]:
    """Every value that is not what its column expects, row by row."""
    if (told := one_row(rows)) is not None:
        yield told
        return
    for number, row in enumerate(rows):
        if isinstance(row, dict):
            yield from _object_refusals(number, row, schema.columns)
        elif isinstance(row, list):
            yield from _array_refusals(number, row, schema.columns)
        else:
            message = f"expected a row (an array or an object), got {shown(row)}"
            yield FieldError(number, None, message)


def one_row(values: list[object]) -> FieldError | None:
    """What is said of one row that came in place of a list of rows; None where it is a list."""
    if not values or any(isinstance(one, list | dict) for one in values):
        return None
    numbers = all(isinstance(one, int | float) and not isinstance(one, bool) for one in values)
    got = "numbers" if numbers else "values"
    return FieldError(
        None,
        None,
        f"'inputs' is a list of rows: expected arrays or objects, got {got}; put the row into a "
        "list of its own",
    )


def _object_refusals(
    number: int, row: dict[str, object], columns: Sequence[Column]
) -> Iterator[FieldError]:
    names = [column.name for column in columns]
    for column in columns:
        if column.name not in row:
            hint = "a value is required" if column.required else "send null where it is not known"
            yield FieldError(number, column.name, f"is missing; {hint}")
        else:
            yield from _value_refusals(number, column, row[column.name])
    for name in row.keys() - set(names):
        near = get_close_matches(name, names, n=1)
        hint = f"did you mean '{near[0]}'?" if near else f"expected {_listed(names)}"
        yield FieldError(number, _cut(name), f"is not a column of this model; {hint}")


def _array_refusals(
    number: int, row: list[object], columns: Sequence[Column]
) -> Iterator[FieldError]:
    if len(row) != len(columns):
        names = _listed([column.name for column in columns])
        message = f"expected {counted(len(columns), 'value')} ({names}), got {len(row):,}"
        yield FieldError(number, None, message)
        return
    for column, value in zip(columns, row, strict=True):
        yield from _value_refusals(number, column, value)


def _value_refusals(number: int, column: Column, value: object) -> Iterator[FieldError]:
    expected = _number_expected if column.kind == "number" else _category_expected
    if message := expected(column, value):
        no_text = column.kind == "category" and value == ""
        hint = " (an empty text counts as missing)" if no_text else ""
        yield FieldError(number, column.name, f"expected {message}, got {shown(value)}{hint}")


def _number_expected(column: Column, value: object) -> str | None:
    if value is None and not column.required:
        return None
    if not isinstance(value, int | float) or isinstance(value, bool):
        return number_words(column) + ("" if column.required else " or null")
    if isinstance(value, float) and not math.isfinite(value):
        missing = "" if column.required else " (null where it is missing)"
        return number_words(column, "a finite number") + missing
    if abs(value) > LARGEST and not _fits_float32(value):
        return number_words(column, TOO_LARGE)
    return None if _in_range(column, value) else number_words(column)


def _in_range(column: Column, value: float) -> bool:
    above = column.lowest is None or value >= column.lowest
    return above and (column.highest is None or value <= column.highest)


def _fits_float32(value: float) -> bool:
    try:
        with np.errstate(over="ignore"):
            return bool(np.isfinite(np.float64(value).astype(np.float32)))
    except OverflowError:
        return False


def _category_expected(column: Column, value: object) -> str | None:
    endless = isinstance(value, float) and not math.isfinite(value)
    simple = value is None or isinstance(value, str | int | float)
    if simple and not endless and _is_choice(column, category_text(value)):
        return None
    number = "a finite number" if endless else "a number"
    if column.required:
        return category_words(column, f"text, {number} or a boolean")
    return category_words(column, f"text, {number}, a boolean") + " or null"


def _is_choice(column: Column, text: str) -> bool:
    if not text:
        return not column.required
    return not column.allowed or text in column.allowed


_JSON_NAMES: tuple[tuple[type, Callable[[object], str]], ...] = (
    (bool, lambda value: str(value).lower()),
    (dict, lambda _: "an object"),
    (list, lambda _: "an array"),
    (str, repr),
)


def shown(value: object) -> str:
    """A value as its sender knows it, cut where it is long."""
    if value is None:
        return "null"
    for kind, name in _JSON_NAMES:
        if isinstance(value, kind):
            return _cut(name(value))
    return _cut(str(value))


def _cut(text: str) -> str:
    return text if len(text) <= _SHOWN_LENGTH else f"{text[:_SHOWN_LENGTH]}…"


def _listed(names: Sequence[str], most: int = 5) -> str:
    return ", ".join([*names[:most], *(["…"] if len(names) > most else [])])
