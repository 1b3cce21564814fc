"""A first contract, drafted from the rows of the data: a proposal that a person has to read."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from {{ cookiecutter.package_name }}.data.assigned import Assigned
from {{ cookiecutter.package_name }}.data.features import category_text
from {{ cookiecutter.package_name }}.data.identifiers import names_rows, without_identifiers
from {{ cookiecutter.package_name }}.data.notes import notes_of
from {{ cookiecutter.package_name }}.data.plan import ColumnRule, Plan
from {{ cookiecutter.package_name }}.data.profiles import NumberProfile, Profile, TextProfile
from {{ cookiecutter.package_name }}.data.reading import Progress, Reader, unheard
from {{ cookiecutter.package_name }}.data.scan import Scanned, laid_out, scan
from {{ cookiecutter.package_name }}.data.source import Source
from {{ cookiecutter.package_name }}.data.statistics import classes_of


@dataclass(frozen=True)
class ColumnDraft:
    """A proposed rule and what was seen; no rule for a column that `prepare` leaves out."""

    name: str
    rule: ColumnRule | None
    seen: str

    @property
    def told(self) -> str:
        """What was seen as a line for people; it names a column that the rule does not."""
        return f"seen: {self.seen}" if self.rule is not None else f"no rule for {self.seen}"


@dataclass(frozen=True)
class Draft:
    """Rules for the columns that had none, in the order of the source.

    `classes` are None for a quantity. `notes` are those that `prepare` would tell.
    """

    columns: tuple[ColumnDraft, ...]
    classes: tuple[str, ...] | None
    source: str
    rows: int
    notes: tuple[str, ...] = ()


def draft_of(source: Source, plan: Plan, progress: Callable[[Progress], None] = unheard) -> Draft:
    """The contract that all rows of a source suggest; they are read once, part by part.

    Rules that the plan has already are kept to: what breaks them is a DataContractError. Raises
    DataError, DataNotFound or ConfigError where the source cannot be read.
    """
    with source.open() as rows, Assigned() as splits:
        every = scan(Reader(rows, progress), laid_out(rows, plan), plan, splits)
        kept = replace(every, layout=without_identifiers(every, plan))
        return Draft(
            columns=tuple(_columns(every, plan)),
            classes=_classes(every),
            source=rows.source,
            rows=splits.rows,
            notes=notes_of(every, kept, plan),
        )


def _columns(found: Scanned, plan: Plan) -> Iterator[ColumnDraft]:
    of_target = {} if found.kinds.task == "classification" else {plan.target: found.target}
    for name, profile in {**_features(found, plan), **of_target}.items():
        if plan.contract.rule(name) != ColumnRule():
            continue
        if names_rows(profile, plan.max_categories):
            why = "it has a text of its own in nearly every row and is left out, as an identifier"
            yield ColumnDraft(name, None, f"'{name}': {why}")
        elif isinstance(profile, NumberProfile):
            yield _number(name, profile)
        else:
            yield _category(name, profile, plan.max_categories)


def _features(found: Scanned, plan: Plan) -> dict[str, Profile]:
    """What was seen of each feature; of pixels together: one may be black in every picture."""
    pixels = [p for p in found.features.values() if isinstance(p, NumberProfile)]
    lows = [pixel.low for pixel in pixels if pixel.low is not None]
    highs = [pixel.high for pixel in pixels if pixel.high is not None]
    if plan.image_shape is None or not lows:
        return found.features
    return {
        name: replace(profile, low=min(lows), high=max(highs))
        if isinstance(profile, NumberProfile)
        else profile
        for name, profile in found.features.items()
    }


def _number(name: str, profile: NumberProfile) -> ColumnDraft:
    nullable = profile.present < profile.rows
    if profile.low is None or profile.high is None or profile.counts_rows:
        rule = ColumnRule(kind="number", nullable=nullable)
        return ColumnDraft(name, rule, "numbers the rows: consider data.drop for it")
    low, high = outward(profile.low, profile.high)
    rule = ColumnRule(kind="number", min=low, max=high, nullable=nullable)
    same = f"always {category_text(profile.low)}"
    ranged = f"{category_text(profile.low)} to {category_text(profile.high)}"
    return ColumnDraft(name, rule, f"{same if low == high else ranged}, {_empty(profile)}")


def _category(name: str, profile: TextProfile, most: int) -> ColumnDraft:
    tally, nullable = profile.tally, profile.present < profile.rows
    if tally.wide or tally.distinct > most:
        rule = ColumnRule(kind="category", nullable=nullable)
        many = f"{tally.distinct:,} values, more than data.max_categories: any is allowed"
        return ColumnDraft(name, rule, f"{many}; {_empty(profile)}")
    values = tuple(sorted(tally.counts))
    rule = ColumnRule(kind="category", values=values, nullable=nullable)
    count = f"{len(values)} values" if len(values) > 1 else "always the same value"
    return ColumnDraft(name, rule, f"{count}, {_empty(profile)}")


def _empty(profile: Profile) -> str:
    empty = profile.rows - profile.present
    return f"{empty:,} of {profile.rows:,} rows empty" if empty else "no row empty"


def _classes(found: Scanned) -> tuple[str, ...] | None:
    if isinstance(found.target, NumberProfile) or found.target.tally.wide:
        return None
    return classes_of(tuple(found.target.tally.counts))


def outward(low: float, high: float) -> tuple[float, float]:
    """A range a little wider than this one, with limits of two digits of its width.

    What is not negative stays so.
    """
    if low == high:
        return low, high
    step = Decimal(10) ** (math.floor(math.log10(high - low)) - 1)
    lower = (Decimal(repr(low)) / step).to_integral_value(ROUND_FLOOR) * step
    upper = (Decimal(repr(high)) / step).to_integral_value(ROUND_CEILING) * step
    return float(lower), float(upper)
