"""The declared contract, checked by pandera; every violation is told with rows that break it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from {{ cookiecutter.package_name }}.data.columns import category_texts
from {{ cookiecutter.package_name }}.data.features import category_text
from {{ cookiecutter.package_name }}.data.layout import Layout, TypedColumn
from {{ cookiecutter.package_name }}.data.plan import ColumnRule, Contract
from {{ cookiecutter.package_name }}.schemas.errors import DataContractError

if TYPE_CHECKING:
    import pandas as pd
    import pandera.pandas as pandera

_EXAMPLES = 3
_PRESENT = "must not be missing"


@dataclass(frozen=True)
class Violation:
    """A rule that a column breaks, in how many rows, and some of them with their values."""

    column: str
    rule: str
    rows: int
    examples: tuple[tuple[int, object], ...]

    def __str__(self) -> str:
        missing = self.rule == _PRESENT
        told = ", ".join(
            f"row {row}" if missing else f"row {row} has {_shown(value)}"
            for row, value in self.examples
        )
        more = ", …" if self.rows > len(self.examples) else ""
        broken = f"in {self.rows} row{'s'[: self.rows != 1]} is{'' if missing else ' not'}"
        return f"Column '{self.column}' {self.rule}, but {broken}: {told}{more}."


_LARGEST = float(np.finfo(np.float32).max)


def _shown(value: object) -> str:
    return f"'{value}'" if isinstance(value, str) else category_text(value)


def _number_checks(rule: ColumnRule) -> "Iterator[pandera.Check]":
    import pandas as pd
    import pandera.pandas as pandera

    def numbers(values: "pd.Series") -> "pd.Series":
        return pd.to_numeric(values, errors="coerce")

    def text(values: "pd.Series") -> "pd.Series":
        return values.map(lambda value: isinstance(value, str))

    yield pandera.Check(lambda s: ~text(s) if s.dtype == object else True, error="must be a number")
    # Models compute in float32, where anything larger is infinite.
    finite = f"must be finite and at most {_LARGEST:.4g} in size"
    yield pandera.Check(lambda s: ~(numbers(s).abs() > _LARGEST), error=finite)
    low, high = rule.min, rule.max
    if low is not None:
        least = f"must be at least {category_text(low)}"
        yield pandera.Check(lambda s: ~(numbers(s) < low), error=least)
    if high is not None:
        most = f"must be at most {category_text(high)}"
        yield pandera.Check(lambda s: ~(numbers(s) > high), error=most)


def _category_checks(allowed: tuple[str, ...] | None) -> "Iterator[pandera.Check]":
    import pandera.pandas as pandera

    if allowed is not None:
        shown = ", ".join(f"'{value}'" for value in allowed[:12])
        shown += ", …" if len(allowed) > 12 else ""
        yield pandera.Check.isin(allowed, error=f"must be one of {shown}")


def _column(column: TypedColumn, rule: ColumnRule) -> "pandera.Column":
    import pandera.pandas as pandera

    number = column.kind == "number"
    checks = _number_checks(rule) if number else _category_checks(rule.values)
    return pandera.Column(None, checks=list(checks), nullable=rule.nullable)


def schema_of(layout: Layout, contract: Contract) -> "pandera.DataFrameSchema":
    """The pandera schema of the features, the target and the key."""
    import pandera.pandas as pandera

    columns = {c.name: _column(c, contract.rule(c.name)) for c in layout.features}
    rule = contract.rule(layout.target.name).model_copy(update={"nullable": False})
    if layout.task == "classification" and contract.classes is not None:
        rule = rule.model_copy(update={"values": contract.classes})
    columns[layout.target.name] = _column(layout.target, rule)
    if layout.key is not None:
        columns[layout.key.name] = _column(layout.key, ColumnRule(nullable=False))
    return pandera.DataFrameSchema(columns)


def _series(column: TypedColumn) -> "pd.Series":
    if column.wrong is None:
        plain: pd.Series = column.values.to_pandas()
        return plain
    series: pd.Series = column.values.to_pandas().astype(object)
    wrong = column.wrong.to_pandas()
    series[wrong] = category_texts(column.raw.filter(column.wrong)).to_pylist()
    return series


def violations(layout: Layout, contract: Contract, first_row: int) -> tuple[Violation, ...]:
    """Every broken rule, in the order of the columns; rows are counted from `first_row`."""
    import pandas as pd
    from pandera.errors import SchemaErrors

    columns = [*layout.features, layout.target, *([layout.key] if layout.key else [])]
    frame = pd.concat([_series(column) for column in columns], axis=1, ignore_index=True)
    frame.columns = pd.Index([column.name for column in columns])
    try:
        schema_of(layout, contract).validate(frame, lazy=True)
    except SchemaErrors as error:
        return _grouped(error.failure_cases, first_row)
    return ()


def _grouped(cases: "pd.DataFrame", first_row: int) -> tuple[Violation, ...]:
    found = []
    for (column, check), group in cases.groupby(["column", "check"], sort=False):
        rows = group.sort_values("index").head(_EXAMPLES)
        examples = tuple(
            (int(row) + first_row, value)
            for row, value in zip(rows["index"], rows["failure_case"], strict=True)
        )
        rule = _PRESENT if check == "not_nullable" else str(check)
        found.append(Violation(str(column), rule, len(group), examples))
    return tuple(found)


def check(layout: Layout, contract: Contract, first_row: int) -> None:
    """DataContractError with one line a violation; nothing where the contract holds."""
    if found := violations(layout, contract, first_row):
        raise DataContractError("\n".join(map(str, found)))
