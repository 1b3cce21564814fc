"""What the rules of a column mean, as pandera checks; and a cheap look at whether all hold.

`screened` decides with Arrow what pandera would say of a column in which nothing is wrong, which
is nearly every column of nearly every part: pandera, and pandas, are only imported for the others.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow.compute as pc

from {{ cookiecutter.package_name }}.data.arrays import range_of, texts_of
from {{ cookiecutter.package_name }}.data.columns import category_texts
from {{ cookiecutter.package_name }}.data.features import category_text
from {{ cookiecutter.package_name }}.data.layout import TypedColumn
from {{ cookiecutter.package_name }}.data.plan import ColumnRule

if TYPE_CHECKING:
    import pandas as pd
    import pandera.pandas as pandera

PRESENT = "must not be missing"
LARGEST = float(np.finfo(np.float32).max)
"""Models compute in float32, where anything larger is infinite."""
_MOST_VALUES = 12


@dataclass(frozen=True)
class Broken:
    """A rule that some rows of a part break: how many, and the first of them by their places.

    `order` is its place among the rules of its column.
    """

    order: int
    rule: str
    rows: int
    first: tuple[tuple[int, object], ...]


def screened(column: TypedColumn, rule: ColumnRule) -> bool:
    """Whether every row of the column surely keeps the rule."""
    if column.wrong is not None or (not rule.nullable and column.values.null_count):
        return False
    if column.kind == "category":
        return rule.values is None or _all_in(column, rule.values)
    least, most = range_of(column.values)
    if least is None or most is None:
        return True
    low = -LARGEST if rule.min is None else max(rule.min, -LARGEST)
    high = LARGEST if rule.max is None else min(rule.max, LARGEST)
    return low <= least and most <= high


def _all_in(column: TypedColumn, allowed: tuple[str, ...]) -> bool:
    distinct = pc.unique(column.values).drop_null()
    return bool(pc.all(pc.is_in(distinct, texts_of(allowed)), min_count=0).as_py())


def broken(column: TypedColumn, rule: ColumnRule, most: int) -> Iterator[Broken]:
    """The rules that rows break, each with up to `most` of its rows; asks pandera."""
    values = series_of(column)
    for order, check in enumerate(checks(column.kind, rule)):
        kept = check(values).check_output
        rows = kept.index[~kept.astype(bool)]
        if len(rows):
            first = tuple((int(row), values[row]) for row in rows[:most])
            yield Broken(order, str(check.error), len(rows), first)


def checks(kind: str, rule: ColumnRule) -> "tuple[pandera.Check, ...]":
    """The checks of a column, in the order in which they are told; `error` says each in words."""
    import pandera.pandas as pandera

    present = pandera.Check(lambda s: s.notna(), ignore_na=False, error=PRESENT)
    of_kind = _number_checks(rule) if kind == "number" else _category_checks(rule)
    return (*(() if rule.nullable else (present,)), *of_kind)


def _number_checks(rule: ColumnRule) -> "Iterator[pandera.Check]":
    import pandas as pd
    import pandera.pandas as pandera

    def numbers(values: "pd.Series") -> "pd.Series":
        return pd.to_numeric(values, errors="coerce")

    def no_text(values: "pd.Series") -> "pd.Series":
        return ~values.map(lambda value: isinstance(value, str)).astype(bool)

    yield pandera.Check(no_text, error="must be a number")
    finite = f"must be finite and at most {LARGEST:.4g} in size"
    yield pandera.Check(lambda s: ~(numbers(s).abs() > LARGEST), error=finite)
    if rule.min is not None:
        low, least = rule.min, f"must be at least {category_text(rule.min)}"
        yield pandera.Check(lambda s: ~(numbers(s) < low), error=least)
    if rule.max is not None:
        high, largest = rule.max, f"must be at most {category_text(rule.max)}"
        yield pandera.Check(lambda s: ~(numbers(s) > high), error=largest)


def _category_checks(rule: ColumnRule) -> "Iterator[pandera.Check]":
    import pandera.pandas as pandera

    if rule.values is not None:
        shown = ", ".join(f"'{value}'" for value in rule.values[:_MOST_VALUES])
        shown += ", …" if len(rule.values) > _MOST_VALUES else ""
        yield pandera.Check.isin(rule.values, error=f"must be one of {shown}")


def series_of(column: TypedColumn) -> "pd.Series":
    """The column's values; a row that should hold a number and does not has its text."""
    if column.wrong is None:
        plain: pd.Series = column.values.to_pandas()
        return plain
    series: pd.Series = column.values.to_pandas().astype(object)
    wrong = column.wrong.to_pandas()
    series[wrong] = category_texts(column.raw.filter(column.wrong), column.name).to_pylist()
    return series
