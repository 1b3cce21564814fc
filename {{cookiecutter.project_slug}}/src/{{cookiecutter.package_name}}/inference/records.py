"""Rows as a client writes them in JSON, checked against a model's columns."""

import math
from array import array
from collections.abc import Callable, Sequence
from itertools import chain, islice
from operator import itemgetter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from {{ cookiecutter.package_name }}.data.features import BOOLEANS, Features, category_text
from {{ cookiecutter.package_name }}.inference.limits import Choices, Ranges
from {{ cookiecutter.package_name }}.inference.refusals import one_row, refusals, shown
from {{ cookiecutter.package_name }}.schemas.dataset import DataSchema
from {{ cookiecutter.package_name }}.schemas.errors import FieldError, InvalidRequest

MAX_ERRORS = 20
"""How many refused values one answer names; a wrong batch would otherwise be echoed whole."""

_NUMBER_TYPES = frozenset({int, float, type(None)})
_CATEGORY_TYPES = frozenset({str, int, float, bool, type(None)})
_BOOLEANS = frozenset(BOOLEANS)


def features_from_rows(rows: object, schema: DataSchema, max_rows: int) -> Features:
    """Decoded JSON rows as `Features`; see `RowReader.read`."""
    return RowReader(schema).read(rows, max_rows)


class RowReader:
    """Reads the rows of requests to one model; what its columns take is looked up once."""

    def __init__(self, schema: DataSchema) -> None:
        self._schema = schema
        names = [column.name for column in schema.columns]
        self._width = len(names)
        self._named = _getter(names)
        self._numbers = _places(schema, "number")
        self._categories = _places(schema, "category")
        self._number_values = _getter(self._numbers)
        self._category_values = _getter(self._categories)
        self._ranges = Ranges(schema.numbers)
        self._choices = Choices(schema.categories)

    def read(self, rows: object, max_rows: int, *, no_booleans: bool = False) -> Features:
        """Decoded JSON rows as `Features`.

        A row is an array in the order of the columns, or an object by column name. A missing value
        is None, in a number as in a category, where the column need not have one. A category may
        be text, a number or a boolean, and need not be one that training saw, unless the data's
        contract lists what it may be. Raises InvalidRequest with up to `MAX_ERRORS` entries.

        `no_booleans` promises that no value is a boolean: Python takes one for a number, so each
        value has to be looked at for it where nobody knows.
        """
        counted = _counted(rows, max_rows)
        features = self._converted(counted, no_booleans=no_booleans)
        if features is None:
            raise InvalidRequest(list(islice(refusals(counted, self._schema), MAX_ERRORS)))
        return features

    # Whole batches at once: None says that some value is wrong, `refusals` says which.

    def _converted(self, rows: list[object], *, no_booleans: bool) -> Features | None:
        ordered = self._in_column_order(rows)
        if ordered is None:
            return None
        if not self._categories:
            numeric = self._plain_numbers(ordered) if no_booleans else None
            if numeric is None:
                numeric = _numbers(ordered, self._width, self._ranges)
            return None if numeric is None else Features(numeric, _no_categories(len(rows)))
        picked = list(map(self._number_values, ordered))
        numeric = _numbers(picked, len(self._numbers), self._ranges)
        texts = list(map(self._category_values, ordered))
        categorical = _categories(texts, len(self._categories), self._choices)
        if numeric is None or categorical is None:
            return None
        return Features(numeric, categorical)

    def _in_column_order(self, rows: list[object]) -> list[Sequence[object]] | None:
        ordered: list[Sequence[object]] = []
        for row in rows:
            if not isinstance(row, list | dict) or len(row) != self._width:
                return None
            if isinstance(row, list):
                ordered.append(row)
                continue
            try:
                ordered.append(list(self._named(row)))
            except KeyError:
                return None
        return ordered

    def _plain_numbers(self, rows: list[Sequence[object]]) -> NDArray[np.float32] | None:
        """Rows of nothing but numbers, as nearly all are, in half the time; None: look closer."""
        flat = array("d")
        try:
            for row in rows:
                flat.fromlist(row)  # type: ignore[arg-type]  # refuses what is no number
        except TypeError:
            return None
        matrix = np.frombuffer(flat).reshape(len(rows), self._width)
        return matrix.astype(np.float32) if self._ranges.hold_all(matrix) else None


def _getter(keys: Sequence[str] | Sequence[int]) -> Callable[[Any], Sequence[object]]:
    """What is under these keys of a row, in their order."""
    if len(keys) > 1:
        return itemgetter(*keys)
    return lambda row: [row[key] for key in keys]


def _places(schema: DataSchema, kind: str) -> list[int]:
    return [place for place, column in enumerate(schema.columns) if column.kind == kind]


def _no_categories(rows: int) -> NDArray[np.object_]:
    return _ONE_WITHOUT if rows == 1 else np.empty((rows, 0), dtype=object)


_ONE_WITHOUT = np.empty((1, 0), dtype=object)


def _counted(rows: object, max_rows: int) -> list[object]:
    expected = f"expected an array of 1 to {max_rows} rows"
    if not isinstance(rows, list):
        raise InvalidRequest([FieldError(None, None, f"{expected}, got {shown(rows)}")])
    if not 1 <= len(rows) <= max_rows:
        if (told := one_row(rows)) is not None:  # of many columns
            raise InvalidRequest([told])
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
    # The numbers as they came: rounded to float32, one just outside could be the bound itself.
    if not ranges.hold(matrix):
        return None
    missing = sum(row.count(None) for row in rows) if type(None) in types else 0
    # NaN says that a value is missing, so nobody may send it.
    return matrix.astype(np.float32) if np.count_nonzero(np.isnan(matrix)) == missing else None


def _categories(
    rows: list[Sequence[object]], width: int, choices: Choices
) -> NDArray[np.object_] | None:
    values = list(chain.from_iterable(rows))
    types = set(map(type, values))
    if not types <= _CATEGORY_TYPES:
        return None
    if float in types and not all(math.isfinite(v) for v in values if isinstance(v, float)):
        return None
    if types != {str} or not _BOOLEANS.isdisjoint(values):
        values = [category_text(value) for value in values]
    if not choices.hold(values, width):  # type: ignore[arg-type]  # all are text by now
        return None
    return np.array(values, dtype=object).reshape(len(rows), width)
