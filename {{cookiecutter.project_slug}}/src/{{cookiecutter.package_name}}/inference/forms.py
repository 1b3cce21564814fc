"""The fields of a form for one row, made from a model's own columns."""

from collections.abc import Mapping
from dataclasses import dataclass

from {{ cookiecutter.package_name }}.schemas.dataset import Column, DataSchema
from {{ cookiecutter.package_name }}.schemas.serving import Cell, Row
from {{ cookiecutter.package_name }}.utils.words import counted

MOST_FIELDS = 40
"""A form of more fields than this is not filled in by hand: offer a file instead."""


@dataclass(frozen=True)
class Field:
    """One input: a number with a step, or a category with the values that training saw.

    `default` lies in the middle of what training saw; None where nothing is known. `hint` says
    in words what training saw.
    """

    name: str
    number: bool
    default: Cell
    step: float
    options: tuple[str, ...]
    hint: str


def fields(schema: DataSchema) -> list[Field]:
    """One field a column, in the columns' order."""
    return [
        _number(column) if column.kind == "number" else _category(column)
        for column in schema.columns
    ]


def row_of(schema: DataSchema, values: Mapping[str, Cell]) -> Row:
    """The row that a filled-in form says, in the columns' order; an empty field is missing."""
    return [_cell(values[column.name]) for column in schema.columns]


def unusual(schema: DataSchema, row: Row) -> list[str]:
    """A sentence for each value that training saw nothing like: the answer is a guess there."""
    pairs = zip(schema.columns, row, strict=True)
    return [sentence for column, value in pairs if (sentence := _unusual(column, value))]


def _cell(value: Cell) -> Cell:
    return None if value == "" else value


def _number(column: Column) -> Field:
    low, high = column.minimum, column.maximum
    if low is None or high is None:
        return Field(column.name, True, None, 1.0, (), "no value was seen in training")
    whole = low.is_integer() and high.is_integer()
    middle = low / 2 + high / 2
    default = float(round(middle)) if whole else min(max(float(f"{middle:.4g}"), low), high)
    hint = f"{low:g} to {high:g} in training"
    return Field(column.name, True, default, _step(high - low, whole), (), hint)


def _step(width: float, whole: bool) -> float:  # noqa: FBT001 - its only caller is above
    """About a hundredth of the range, as a power of ten."""
    if width <= 0:
        return 1.0
    step = float(f"1e{int(f'{width / 100:.0e}'.partition('e')[2])}")
    return max(step, 1.0) if whole else step


def _category(column: Column) -> Field:
    default = column.categories[0] if column.categories else None
    hint = f"{counted(len(column.categories), 'value')} in training"
    return Field(column.name, False, default, 1.0, column.categories, hint)


def _unusual(column: Column, value: Cell) -> str:
    if value is None:
        return ""
    if column.kind == "category":
        seen = value in column.categories
        return "" if seen else f"Training never saw {column.name} '{value}'."
    low, high = column.minimum, column.maximum
    if low is None or high is None or not isinstance(value, int | float) or low <= value <= high:
        return ""
    return f"{column.name} is {value:g}; training saw {low:g} to {high:g}."
