"""Rows as a client writes them in JSON, checked against a model's columns."""

import math
from collections.abc import Sequence
from itertools import chain, islice

import numpy as np
from numpy.typing import NDArray

from {{ cookiecutter.package_name }}.data.features import Features, category_text
from {{ cookiecutter.package_name }}.inference.refusals import refusals, shown
from {{ cookiecutter.package_name }}.schemas.dataset import Column, DataSchema
from {{ cookiecutter.package_name }}.schemas.errors import FieldError, InvalidRequest

MAX_ERRORS = 20
"""How many refused values one answer names; a wrong batch would otherwise be echoed whole."""

_NUMBER_TYPES = frozenset({int, float, type(None)})
_CATEGORY_TYPES = frozenset({str, int, float, bool, type(None)})


def features_from_rows(rows: object, schema: DataSchema, max_rows: int) -> Features:
    """Decoded JSON rows as `Features`.

    A row is an array in the order of the columns, or an object by column name. A missing value
    is None, in a number as in a category. A category may be text, a number or a boolean, and
    need not be one that training saw. Raises InvalidRequest with up to `MAX_ERRORS` entries.
    """
    counted = _counted(rows, max_rows)
    features = _converted(counted, schema)
    if features is None:
        raise InvalidRequest(list(islice(refusals(counted, schema), MAX_ERRORS)))
    return features


def _counted(rows: object, max_rows: int) -> list[object]:
    expected = f"expected an array of 1 to {max_rows} rows"
    if not isinstance(rows, list):
        raise InvalidRequest([FieldError(None, None, f"{expected}, got {shown(rows)}")])
    if not 1 <= len(rows) <= max_rows:
        raise InvalidRequest([FieldError(None, None, f"{expected}, got {len(rows)} rows")])
    return rows


# Whole batches at once: None says that some value is wrong, `refusals` says which.


def _converted(rows: list[object], schema: DataSchema) -> Features | None:
    ordered = _in_column_order(rows, schema.columns)
    if ordered is None:
        return None
    numeric = _numbers(_picked(ordered, schema, "number"), len(schema.numbers))
    categorical = _categories(_picked(ordered, schema, "category"), len(schema.categories))
    if numeric is None or categorical is None:
        return None
    return Features(numeric, categorical)


def _in_column_order(
    rows: list[object], columns: Sequence[Column]
) -> list[Sequence[object]] | None:
    names = [column.name for column in columns]
    ordered: list[Sequence[object]] = []
    for row in rows:
        if isinstance(row, list):
            ordered.append(row)
        elif isinstance(row, dict) and row.keys() == set(names):
            ordered.append([row[name] for name in names])
        else:
            return None
    return ordered if all(len(row) == len(names) for row in ordered) else None


def _picked(rows: list[Sequence[object]], schema: DataSchema, kind: str) -> list[Sequence[object]]:
    places = [place for place, column in enumerate(schema.columns) if column.kind == kind]
    if len(places) == len(schema.columns):
        return rows
    return [[row[place] for place in places] for row in rows]


def _numbers(rows: list[Sequence[object]], width: int) -> NDArray[np.float32] | None:
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
    return numeric if finite.size - np.count_nonzero(finite) == missing else None


def _categories(rows: list[Sequence[object]], width: int) -> NDArray[np.object_] | None:
    values = list(chain.from_iterable(rows))
    types = set(map(type, values))
    if not types <= _CATEGORY_TYPES:
        return None
    if float in types and not all(math.isfinite(v) for v in values if isinstance(v, float)):
        return None
    texts = [category_text(value) for value in values]
    return np.array(texts, dtype=object).reshape(len(rows), width)
