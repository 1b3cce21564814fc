"""Columns that say which row it is, and nothing about the target."""

from dataclasses import replace

import pyarrow.compute as pc

from {{ cookiecutter.package_name }}.data.layout import Layout, TypedColumn
from {{ cookiecutter.package_name }}.data.plan import Plan

SHARE = 0.9
"""More distinct values than this for each row that has one: an id, an e-mail, a moment."""


def names_rows(column: TypedColumn, max_categories: int) -> bool:
    """Whether a category column has a text of its own in nearly every row."""
    present = column.values.drop_null()
    distinct = len(pc.unique(present))
    many = distinct > max(max_categories, SHARE * len(present))
    return column.kind == "category" and many


def without_identifiers(layout: Layout, plan: Plan) -> Layout:
    """The layout without such columns, and with a note on each; those of the contract stay.

    A model would learn them by heart, and would carry their values wherever it goes.
    """
    left_out = [
        column.name
        for column in layout.features
        if plan.contract.rule(column.name).stated_kind is None
        and names_rows(column, plan.max_categories)
    ]
    if len(left_out) == len(layout.features):
        return layout
    notes = tuple(
        f"column '{name}' has a text of its own in nearly every row: it is left out, as an "
        "identifier (a kind in data.contract.columns would keep it)"
        for name in left_out
    )
    kept = tuple(column for column in layout.features if column.name not in left_out)
    return replace(layout, features=kept, notes=layout.notes + notes)
