"""Columns that say which row it is, and nothing about the target."""

from dataclasses import replace

from {{ cookiecutter.package_name }}.data.layout import Layout
from {{ cookiecutter.package_name }}.data.plan import Plan
from {{ cookiecutter.package_name }}.data.profiles import Profile, TextProfile
from {{ cookiecutter.package_name }}.data.scan import Scanned

SHARE = 0.9
"""More distinct values than this for each row that has one: an id, an e-mail, a moment."""


def names_rows(profile: Profile, max_categories: int) -> bool:
    """Whether a category column has a text of its own in nearly every row."""
    if not isinstance(profile, TextProfile):
        return False
    return profile.tally.distinct > max(max_categories, SHARE * profile.present)


def without_identifiers(found: Scanned, plan: Plan) -> Layout:
    """The layout without such columns, and with a note on each; those of the contract stay.

    A model would learn them by heart, and would carry their values wherever it goes.
    """
    layout = found.layout
    left_out = [
        name
        for name, profile in found.features.items()
        if plan.contract.rule(name).stated_kind is None and names_rows(profile, plan.max_categories)
    ]
    if len(left_out) == len(layout.features):
        return layout
    notes = tuple(
        f"column '{name}' has a text of its own in nearly every row: it is left out, as an "
        "identifier (a kind in data.contract.columns would keep it)"
        for name in left_out
    )
    kept = tuple(name for name in layout.features if name not in left_out)
    return replace(layout, features=kept, notes=layout.notes + notes)
