"""Which columns of a raw table are features, of which kind, and what the target is."""

import difflib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from {{ cookiecutter.package_name }}.data.columns import category_texts
from {{ cookiecutter.package_name }}.data.plan import Kind, Plan
from {{ cookiecutter.package_name }}.data.source import RawTable
from {{ cookiecutter.package_name }}.data.tabular import as_numbers, is_text, without_missing
from {{ cookiecutter.package_name }}.schemas.dataset import Task
from {{ cookiecutter.package_name }}.schemas.errors import DataContractError

MOST_INTEGER_CLASSES = 20
"""A number target with more distinct values than this is a quantity, not a label."""
FEWEST_ROWS = 10
_INDEXES = ("", "__index_level_0__")
"""Names of the row index that pandas writes into CSV and Parquet files."""


@dataclass(frozen=True)
class TypedColumn:
    """A column read as its kind.

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
    """Feature columns in the order of the source, the target, and the key if there is one."""

    features: tuple[TypedColumn, ...]
    target: TypedColumn
    task: Task
    key: TypedColumn | None
    notes: tuple[str, ...]


def as_kind(name: str, raw: pa.ChunkedArray, kind: Kind) -> TypedColumn:
    """A raw column as numbers or as categories."""
    if kind == "number":
        numbers, wrong = as_numbers(raw)
        return TypedColumn(name, kind, numbers, wrong if pc.any(wrong).as_py() else None, raw)
    texts = pa.chunked_array([category_texts(without_missing(raw))])
    return TypedColumn(name, kind, pc.if_else(pc.equal(texts, ""), None, texts), None, raw)


def _is_numeric(type_: pa.DataType) -> bool:
    return bool(
        pa.types.is_integer(type_) or pa.types.is_floating(type_) or pa.types.is_decimal(type_)
    )


def _typed(name: str, raw: pa.ChunkedArray, stated: Kind | None) -> TypedColumn:
    if stated is not None:
        return as_kind(name, raw, stated)
    if _is_numeric(raw.type):
        return as_kind(name, raw, "number")
    if is_text(raw.type):
        column = as_kind(name, raw, "number")
        if column.wrong is None:
            return column
    return as_kind(name, raw, "category")


def _decoded(values: pa.ChunkedArray) -> pa.ChunkedArray:
    dictionary = pa.types.is_dictionary(values.type)
    return values.cast(values.type.value_type) if dictionary else values


def _readable(type_: pa.DataType) -> bool:
    plain = _is_numeric(type_) or is_text(type_) or pa.types.is_boolean(type_)
    dated = pa.types.is_timestamp(type_) or pa.types.is_date(type_) or pa.types.is_time(type_)
    return plain or dated or bool(pa.types.is_null(type_))


def _absent(key: str, name: str, names: Sequence[str], source: str) -> str:
    near = difflib.get_close_matches(name, names, n=1, cutoff=0.5)
    shown = ", ".join(f"'{other}'" for other in names[:10]) + (", …" if len(names) > 10 else "")
    guess = f"did you mean '{near[0]}'?" if near else f"its columns are {shown}."
    return f"{source} has no column '{name}' ({key}): {guess}"


def _structure_problems(raw: RawTable, plan: Plan) -> list[str]:
    """What makes every further check impossible, all at once."""
    names, source = raw.table.column_names, f"'{raw.source}'"
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
    if raw.table.num_rows < FEWEST_ROWS:
        problems.append(
            f"{source} has too few rows, {raw.table.num_rows}: at least {FEWEST_ROWS} are needed "
            "to be split into train, val and test."
        )
    return problems


def _feature_problems(columns: Sequence[tuple[str, pa.ChunkedArray]], source: str) -> list[str]:
    if not columns:
        return [f"'{source}' has no feature columns besides the target."]
    problems = []
    for name, values in columns:
        if not _readable(values.type):
            problems.append(
                f"Column '{name}' holds {values.type}: expected numbers, text or booleans; leave "
                "it out with data.drop."
            )
        elif without_missing(values).null_count == len(values):
            problems.append(f"Column '{name}' has no values at all: leave it out with data.drop.")
    return problems


def target_task(values: pa.ChunkedArray) -> Task:
    """Text, booleans and few distinct whole numbers are labels; other numbers are quantities."""
    numbers, wrong = as_numbers(values) if not pa.types.is_boolean(values.type) else (None, None)
    if numbers is None or pc.any(wrong).as_py():
        return "classification"
    distinct = pc.unique(numbers.drop_null())
    whole = pc.all(pc.equal(pc.floor(distinct), distinct)).as_py()
    return "classification" if whole and len(distinct) <= MOST_INTEGER_CLASSES else "regression"


def _target(plan: Plan, raw: pa.ChunkedArray) -> tuple[TypedColumn, Task]:
    task = plan.task or target_task(raw)
    if task == "regression":
        return as_kind(plan.target, raw, "number"), task
    numbers, wrong = (None, None) if pa.types.is_boolean(raw.type) else as_numbers(raw)
    # Labels 1 and 1.0 are one class, however a file spells them.
    as_labels = raw if numbers is None or pc.any(wrong).as_py() else numbers
    return as_kind(plan.target, as_labels, "category"), task


def lay_out(raw: RawTable, plan: Plan) -> Layout:
    """Decide kinds and task; DataContractError with a line for each thing that makes it impossible.

    A kind that the contract states wins; else numeric types, and text that is numbers in every
    row, are numbers, and all else is a category.
    """
    if problems := _structure_problems(raw, plan):
        raise DataContractError("\n".join(problems))
    aside = {plan.target, plan.key, *plan.drop}
    unnamed = [name for name in raw.table.column_names if name in _INDEXES and name not in aside]
    decoded = {name: _decoded(raw.table.column(name)) for name in raw.table.column_names}
    kept = [(n, values) for n, values in decoded.items() if n not in {*aside, *unnamed}]
    target = (plan.target, decoded[plan.target])
    if problems := _feature_problems(kept, raw.source) + _feature_problems([target], raw.source):
        raise DataContractError("\n".join(problems))
    labels, task = _target(plan, decoded[plan.target])
    return Layout(
        tuple(_typed(n, values, plan.contract.rule(n).stated_kind) for n, values in kept),
        labels,
        task,
        as_kind(plan.key, decoded[plan.key], "category") if plan.key is not None else None,
        tuple(f"column '{n}' is an index that pandas wrote: it is left out" for n in unnamed),
    )
