"""Which columns of a source are features, which is the target; a column read as its kind."""

import difflib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from {{ cookiecutter.package_name }}.data.columns import category_texts
from {{ cookiecutter.package_name }}.data.plan import Kind, Plan
from {{ cookiecutter.package_name }}.data.tabular import as_numbers, is_text, without_missing
from {{ cookiecutter.package_name }}.schemas.errors import DataContractError

FEWEST_ROWS = 10
_INDEXES = ("", "__index_level_0__")
"""Names of the row index that pandas writes into CSV and Parquet files."""


@dataclass(frozen=True)
class TypedColumn:
    """A column read as its kind, for the rows of one part.

    `values` is float64 for a number and string for a category, null where missing. `wrong` is
    true in rows of a number column that hold something else, which `raw` still has.
    """

    name: str
    kind: Kind
    values: pa.ChunkedArray
    wrong: pa.ChunkedArray | None
    raw: pa.ChunkedArray


@dataclass(frozen=True)
class Layout:
    """Names of the features in the order of the source, the target, and the key if there is one."""

    features: tuple[str, ...]
    target: str
    key: str | None
    notes: tuple[str, ...]

    @property
    def needed(self) -> list[str]:
        """The columns that are read: features, target, key."""
        return [*self.features, self.target, *([self.key] if self.key is not None else [])]


def as_kind(name: str, raw: pa.ChunkedArray, kind: Kind) -> TypedColumn:
    """A raw column as numbers or as categories."""
    raw = decoded(raw)
    if kind == "number":
        numbers, wrong = as_numbers(raw)
        return TypedColumn(name, kind, numbers, wrong if pc.any(wrong).as_py() else None, raw)
    texts = category_texts(without_missing(raw), name)
    missing = pc.equal(texts, "")
    if pc.any(missing).as_py():
        texts = pc.if_else(missing, None, texts)
    return TypedColumn(name, kind, pa.chunked_array([texts]), None, raw)


def is_numeric(type_: pa.DataType) -> bool:
    """Whether a type holds numbers only."""
    return bool(
        pa.types.is_integer(type_) or pa.types.is_floating(type_) or pa.types.is_decimal(type_)
    )


def decoded(values: pa.ChunkedArray) -> pa.ChunkedArray:
    """A column without its dictionary."""
    dictionary = pa.types.is_dictionary(values.type)
    return values.cast(values.type.value_type) if dictionary else values


def plain_type(type_: pa.DataType) -> pa.DataType:
    """The type of a column without its dictionary."""
    return type_.value_type if pa.types.is_dictionary(type_) else type_


def is_readable(type_: pa.DataType) -> bool:
    """Whether values of a type are numbers or categories."""
    plain = is_numeric(type_) or is_text(type_) or pa.types.is_boolean(type_)
    dated = pa.types.is_timestamp(type_) or pa.types.is_date(type_) or pa.types.is_time(type_)
    return plain or dated or bool(pa.types.is_null(type_))


def _absent(key: str, name: str, names: Sequence[str], source: str) -> str:
    near = difflib.get_close_matches(name, names, n=1, cutoff=0.5)
    shown = ", ".join(f"'{other}'" for other in names[:10]) + (", …" if len(names) > 10 else "")
    guess = f"did you mean '{near[0]}'?" if near else f"its columns are {shown}."
    return f"{source} has no column '{name}' ({key}): {guess}"


def _structure_problems(names: Sequence[str], told: str, rows: int, plan: Plan) -> list[str]:
    """What makes every further check impossible, all at once."""
    source = f"'{told}'"
    asked = [("data.target", plan.target), *(("data.drop", name) for name in plan.drop)]
    asked += [("data.key", plan.key)] if plan.key is not None else []
    asked += [
        (f"data.contract.columns.{name}", name)
        for name in plan.contract.columns
        if not set(name) & set("*?[")
    ]
    problems = [_absent(key, name, names, source) for key, name in asked if name not in names]
    twice = [name for name, count in Counter(names).items() if count > 1]
    problems += [f"{source} has more than one column '{name}'." for name in twice]
    if plan.target in (plan.key, *plan.drop):
        problems.append(f"Column '{plan.target}' is the target: it cannot be dropped or the key.")
    if rows < FEWEST_ROWS:
        problems.append(
            f"{source} has too few rows, {rows}: at least {FEWEST_ROWS} are needed "
            "to be split into train, val and test."
        )
    return problems


def _type_problems(names: Sequence[str], schema: pa.Schema) -> list[str]:
    kinds = {name: plain_type(schema.field(name).type) for name in names}
    return [
        f"Column '{name}' holds {kind}: expected numbers, text or booleans; leave it out with "
        "data.drop."
        for name, kind in kinds.items()
        if not is_readable(kind)
    ]


def lay_out(schema: pa.Schema, source: str, rows: int, plan: Plan) -> Layout:
    """What each column is for; `rows` is how many there are, or `FEWEST_ROWS` for any more.

    Raises DataContractError with a line for each thing that makes it impossible.
    """
    names = schema.names
    if problems := _structure_problems(names, source, rows, plan):
        raise DataContractError("\n".join(problems))
    aside = {plan.target, plan.key, *plan.drop}
    unnamed = [name for name in names if name in _INDEXES and name not in aside]
    kept = tuple(name for name in names if name not in {*aside, *unnamed})
    if not kept:
        raise DataContractError(f"'{source}' has no feature columns besides the target.")
    if problems := _type_problems((*kept, plan.target), schema):
        raise DataContractError("\n".join(problems))
    notes = tuple(f"column '{n}' is an index that pandas wrote: it is left out" for n in unnamed)
    return Layout(kept, plan.target, plan.key, notes)
