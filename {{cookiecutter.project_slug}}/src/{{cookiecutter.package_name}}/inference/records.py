"""Rows as a client writes them in JSON, checked against a model's columns."""

import math
from collections.abc import Sequence
from itertools import chain, islice

import numpy as np
from numpy.typing import NDArray

from {{ cookiecutter.package_name }}.data.features import Features, category_text
from {{ cookiecutter.package_name }}.inference.limits import Choices, Ranges
from {{ cookiecutter.package_name }}.inference.refusals import refusals, shown
from {{ cookiecutter.package_name }}.schemas.dataset import DataSchema
from {{ cookiecutter.package_name }}.schemas.errors import FieldError, InvalidRequest

MAX_ERRORS = 20
"""How many refused values one answer names; a wrong batch would otherwise be echoed whole."""

_NUMBER_TYPES = frozenset({int, float, type(None)})
_CATEGORY_TYPES = frozenset({str, int, float, bool, type(None)})


def features_from_rows(rows: object, schema: DataSchema, max_rows: int) -> Features:
    """Decoded JSON rows as `Features`; see `RowReader.read`."""
    return RowReader(schema).read(rows, max_rows)


class RowReader:
    """Reads the rows of requests to one model; what its columns take is looked up once."""

    def __init__(self, schema: DataSchema) -> None:
        self._schema = schema
        self._names = [column.name for column in schema.columns]
        self._name_set = frozenset(self._names)
        self._numbers = _places(schema, "number")
        self._categories = _places(schema, "category")
        self._ranges = Ranges(schema.numbers)
        self._choices = Choices(schema.categories)

    def read(self, rows: object, max_rows: int) -> Features:
        """Decoded JSON rows as `Features`.

        A row is an array in the order of the columns, or an object by column name. A missing value
        is None, in a number as in a category, where the column need not have one. A category may
        be text, a number or a boolean, and need not be one that training saw, unless the data's
        contract lists what it may be. Raises InvalidRequest with up to `MAX_ERRORS` entries.
        """
        counted = _counted(rows, max_rows)
        features = self._converted(counted)
        if features is None:
            raise InvalidRequest(list(islice(refusals(counted, self._schema), MAX_ERRORS)))
        return features

    # Whole batches at once: None says that some value is wrong, `refusals` says which.

    def _converted(self, rows: list[object]) -> Features | None:
        ordered = self._in_column_order(rows)
        if ordered is None:
            return None
        numeric = _numbers(self._picked(ordered, self._numbers), len(self._numbers), self._ranges)
        texts = self._picked(ordered, self._categories)
        categorical = _categories(texts, len(self._categories), self._choices)
        if numeric is None or categorical is None:
            return None
        return Features(numeric, categorical)

    def _in_column_order(self, rows: list[object]) -> list[Sequence[object]] | None:
        names, width = self._names, len(self._names)
        ordered: list[Sequence[object]] = []
        for row in rows:
            if isinstance(row, list):
                ordered.append(row)
            elif isinstance(row, dict) and row.keys() == self._name_set:
                ordered.append([row[name] for name in names])
            else:
                return None
        return ordered if all(len(row) == width for row in ordered) else None

    def _picked(self, rows: list[Sequence[object]], places: list[int]) -> list[Sequence[object]]:
        if len(places) == len(self._names):
            return rows
        return [[row[place] for place in places] for row in rows]


def _places(schema: DataSchema, kind: str) -> list[int]:
    return [place for place, column in enumerate(schema.columns) if column.kind == kind]


def _counted(rows: object, max_rows: int) -> list[object]:
    expected = f"expected an array of 1 to {max_rows} rows"
    if not isinstance(rows, list):
        raise InvalidRequest([FieldError(None, None, f"{expected}, got {shown(rows)}")])
    if not 1 <= len(rows) <= max_rows:
        raise InvalidRequest([FieldError(None, None, f"{expected}, got {len(rows)} rows")])
    return rows


def _numbers(
    rows: list[Sequence[object]], width: int, ranges: Ranges
) -> NDArray[np.float32] | None:
    # numpy would read "1.5" and true as numbers, so their types are looked at first.
    types = set(map(type, chain.from_iterable(rows)))
    if not types <= _NUMBER_TYPES:
        return None
    try:
        matrix = np.array(rows, dtype=np.float64).reshape(len(rows), width)
    except OverflowError:  # an integer of more than 308 digits
        return None
    with np.errstate(over="ignore"):
        numeric = matrix.astype(np.float32)
    finite = np.isfinite(numeric)
    missing = sum(row.count(None) for row in rows) if type(None) in types else 0
    if finite.size - np.count_nonzero(finite) != missing:
        return None
    # The numbers as they came: rounded to float32, one just outside could be the bound itself.
    return numeric if ranges.hold(matrix) else None


def _categories(
    rows: list[Sequence[object]], width: int, choices: Choices
) -> NDArray[np.object_] | None:
    values = list(chain.from_iterable(rows))
    types = set(map(type, values))
    if not types <= _CATEGORY_TYPES:
        return None
    if float in types and not all(math.isfinite(v) for v in values if isinstance(v, float)):
        return None
    texts = [category_text(value) for value in values]
    if not choices.hold(texts, width):
        return None
    return np.array(texts, dtype=object).reshape(len(rows), width)
