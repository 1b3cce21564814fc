"""Notes on what was read: what a person may want to know before training on it."""

from collections.abc import Iterator

from {{ cookiecutter.package_name }}.data import statistics
from {{ cookiecutter.package_name }}.data.plan import Plan
from {{ cookiecutter.package_name }}.data.profiles import NumberProfile, Profile, TextProfile
from {{ cookiecutter.package_name }}.data.scan import Scanned

_MANY_CLASSES = 1_000
_MOST_NAMED = 5


def notes_of(every: Scanned, found: Scanned, plan: Plan) -> tuple[str, ...]:
    """Sentences about odd columns; `found` is `every` without those that are left out."""
    kept = found.features
    left_out = {n: p for n, p in every.features.items() if n not in kept}
    return (
        *found.layout.notes,
        *statistics.comma_notes(left_out),
        *statistics.notes(kept, plan.max_categories),
        *(_constants(found) if plan.image_shape is None else ()),
        *_many_classes(found),
    )


def _constants(found: Scanned) -> Iterator[str]:
    names = [f"'{name}'" for name, profile in found.features.items() if _is_constant(profile)]
    if len(names) == 1:
        yield f"column {names[0]} has the same value in every row: consider data.drop for it"
    elif names:
        more = ", …" if len(names) > _MOST_NAMED else ""
        told = ", ".join(names[:_MOST_NAMED]) + more
        yield (
            f"{len(names)} columns have the same value in every row: {told}; consider data.drop "
            "for them"
        )


def _is_constant(profile: Profile) -> bool:
    if profile.present < profile.rows or profile.rows == 1:
        return False
    if isinstance(profile, NumberProfile):
        return profile.low is not None and profile.low == profile.high
    return not profile.tally.wide and profile.tally.distinct == 1


def _many_classes(found: Scanned) -> Iterator[str]:
    target = found.target
    if isinstance(target, TextProfile) and target.tally.distinct > _MANY_CLASSES:
        yield (
            f"column '{found.layout.target}' (the target) has {target.tally.distinct:,} classes: "
            "model and reports grow with each"
        )
