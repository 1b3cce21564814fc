"""Whether a column holds numbers: supposed at first, and learned as its rows are read.

No part of a source can show it: the one word in a column of numbers may be in the last row.
"""

from typing import Literal

import pyarrow as pa
import pyarrow.compute as pc

from {{ cookiecutter.package_name }}.data.labels import labels_of, padded
from {{ cookiecutter.package_name }}.data.layout import (
    Layout,
    TypedColumn,
    as_kind,
    is_numeric,
    plain_type,
)
from {{ cookiecutter.package_name }}.data.plan import Kind, Plan
from {{ cookiecutter.package_name }}.data.tabular import is_text
from {{ cookiecutter.package_name }}.schemas.dataset import Task

MOST_INTEGER_CLASSES = 20
"""A number target with more distinct values than this is a quantity, not a label."""

Form = Literal["coded", "quantity", "text"]
"""A target of labels that are numbers, of numbers to predict, or of labels that are words."""


class Kinds:
    """The kinds of all columns, as far as the rows that were read tell; `changes` counts changes.

    A kind that the contract states is as stated; else numeric types, and text that is numbers in
    every row, are numbers, and all else is a category. What is known in the end depends on the
    set of rows only: a column of numbers can become one of text, never the other way round.
    """

    def __init__(self, layout: Layout, schema: pa.Schema, plan: Plan) -> None:
        types = {name: plain_type(schema.field(name).type) for name in layout.needed}
        stated = {name: plan.contract.rule(name).stated_kind for name in layout.features}
        self.changes = 0
        self.of: dict[str, Kind] = {
            name: stated[name] or _supposed(types[name]) for name in layout.features
        }
        self._open = {n for n in layout.features if stated[n] is None and is_text(types[n])}
        rule = plan.contract.rule(layout.target)
        self._task = plan.known_task
        self._numbers = rule.stated_kind == "number"
        self._declared = plan.contract.classes or rule.values
        self._labels: set[str] = set()
        self._kept = False
        self.form = self._first_form(types[layout.target])

    @property
    def task(self) -> Task:
        """Text, booleans and few distinct whole numbers are labels; other numbers quantities."""
        return "regression" if self.form == "quantity" else "classification"

    def read(self, table: pa.Table, layout: Layout) -> list[TypedColumn]:
        """The columns of a layout: features, target, key. Learns from them first."""
        columns = [self._feature(name, table.column(name)) for name in layout.features]
        columns.append(self._target(layout.target, table.column(layout.target)))
        if layout.key is not None:
            columns.append(as_kind(layout.key, table.column(layout.key), "category"))
        return columns

    def _feature(self, name: str, raw: pa.ChunkedArray) -> TypedColumn:
        column = as_kind(name, raw, self.of[name])
        if column.wrong is None or name not in self._open:
            return column
        self.of[name] = "category"
        self.changes += 1
        return as_kind(name, raw, "category")

    def _first_form(self, type_: pa.DataType) -> Form:
        if self._task == "regression":
            return "quantity"
        coded = is_numeric(type_) or is_text(type_) or self._numbers
        return "coded" if coded else "text"

    def _target(self, name: str, raw: pa.ChunkedArray) -> TypedColumn:
        if self.form == "text":
            return as_kind(name, raw, "category")
        numbers = as_kind(name, raw, "number")
        if self._may_be_words and numbers.wrong is not None:
            self._become("text")
            return as_kind(name, raw, "category")
        if self.form == "coded" and self._task is None and not self._few(numbers):
            self._become("quantity")
        return self._coded(numbers) if self.form == "coded" else numbers

    @property
    def _may_be_words(self) -> bool:
        """Nothing says that the target's values are numbers, or which labels it has."""
        return self._task != "regression" and not self._numbers and self._declared is None

    def _coded(self, numbers: TypedColumn) -> TypedColumn:
        if self._declared is None and not self._kept and padded(numbers.raw):
            self._kept = True
            self.changes += 1
        return labels_of(numbers.name, numbers.raw, self._declared, kept=self._kept)

    def _become(self, form: Form) -> None:
        self.form = form
        self.changes += 1

    def _few(self, numbers: TypedColumn) -> bool:
        """Whether the target's numbers can still be labels, with these among them."""
        distinct = pc.unique(numbers.values).drop_null()
        whole = pc.and_(pc.is_finite(distinct), pc.equal(pc.floor(distinct), distinct))
        if len(distinct) > MOST_INTEGER_CLASSES or not pc.all(whole, min_count=0).as_py():
            return False
        raw = pa.chunked_array([pc.unique(numbers.raw)])
        labels = labels_of(numbers.name, raw, None, kept=False)
        self._labels |= set(labels.values.drop_null().to_pylist())
        return len(self._labels) <= MOST_INTEGER_CLASSES


def _supposed(type_: pa.DataType) -> Kind:
    return "number" if is_numeric(type_) or is_text(type_) else "category"
