"""What the rows teach about the columns, and what looks odd about them."""

from collections.abc import Iterator, Mapping, Sequence

from {{ cookiecutter.package_name }}.data.distinct import CAP
from {{ cookiecutter.package_name }}.data.identifiers import names_rows
from {{ cookiecutter.package_name }}.data.plan import ColumnRule, Plan
from {{ cookiecutter.package_name }}.data.profiles import NumberProfile, Profile, TextProfile
from {{ cookiecutter.package_name }}.data.scan import Scanned
from {{ cookiecutter.package_name }}.data.tallies import Finalists, most_frequent
from {{ cookiecutter.package_name }}.schemas.dataset import SPLITS, Column, DataSchema, Target

_NEARLY_ALL = 0.9


def described(
    name: str, profile: Profile, rule: ColumnRule, trained: Mapping[str, int], most: int
) -> Column:
    """What a column is: as the training rows show it, and as its contract declares it.

    `trained` has for each text the number of training rows.
    """
    if isinstance(profile, NumberProfile):
        return Column(
            name=name,
            kind="number",
            minimum=profile.seen_low,
            maximum=profile.seen_high,
            lowest=rule.min,
            highest=rule.max,
            required=not rule.nullable,
        )
    return Column(
        name=name,
        kind="category",
        categories=most_frequent(trained, most),
        allowed=rule.values or (),
        required=not rule.nullable,
    )


def trained_counts(profile: Profile) -> dict[str, int]:
    """For each text of a column that is not wide the number of training rows."""
    if isinstance(profile, NumberProfile):
        return {}
    return {text: trained for text, (_, trained) in profile.tally.counts.items()}


def classes_of(labels: Sequence[str]) -> tuple[str, ...]:
    """The distinct labels, sorted; by value where all of them are whole numbers."""
    whole = all(label.removeprefix("-").isdecimal() and label.isascii() for label in labels)
    return tuple(sorted(labels, key=int) if whole else sorted(labels))


def finalists_of(found: Scanned, plan: Plan) -> dict[str, Finalists]:
    """What the second reading has to count, for the columns that have too many texts for one."""
    return {
        name: profile.tally.finalists(plan.max_categories)
        for name, profile in found.features.items()
        if isinstance(profile, TextProfile) and profile.tally.wide
    }


def schema_of(found: Scanned, plan: Plan, finalists: Mapping[str, Finalists]) -> DataSchema:
    """Columns as the training rows show them, and the target with all of its classes."""
    columns = []
    for name, profile in found.features.items():
        wide = name in finalists
        trained = finalists[name].counts if wide else trained_counts(profile)
        rule = plan.contract.rule(name)
        columns.append(described(name, profile, rule, trained, plan.max_categories))
    target = found.target
    labels = tuple(target.tally.counts) if isinstance(target, TextProfile) else ()
    return DataSchema(
        columns=tuple(columns),
        target=Target(
            name=found.layout.target,
            task=found.kinds.task,
            classes=classes_of(labels) if labels else (),
        ),
        image_shape=plan.image_shape,
    )


def target_problems(
    name: str, target: Profile, rows_of_splits: Sequence[int], *, task_stated: bool
) -> Iterator[str]:
    """Sentences about a target or a split from which nothing can be learned."""
    if isinstance(target, TextProfile):
        yield from _label_problems(name, target)
    elif target.low == target.high:
        yield f"Column '{name}' (the target) is {target.low} in every row: nothing can be learned."
    elif not task_stated and target.counts_rows:
        yield (
            f"Column '{name}' (the target) numbers the rows: it looks like an identifier; "
            "choose another data.target, or say data.task=regression if it is meant."
        )
    for split, rows in zip(SPLITS, rows_of_splits, strict=True):
        if not rows:
            yield (
                f"The split '{split}' would be empty: the rows, or the distinct keys, are too few; "
                "give more rows or another data.split.salt."
            )


def _label_problems(name: str, target: TextProfile) -> Iterator[str]:
    counts = target.tally.counts
    many = target.tally.wide or len(counts) > target.rows / 2
    if many and _has_commas(target):
        yield (
            f"Column '{name}' (the target) has numbers with commas, such as '{target.first_odd}': "
            "write decimals with a point, and leave out other separators."
        )
    elif many:
        told = f"more than {CAP:,}" if target.tally.wide else str(len(counts))
        yield (
            f"Column '{name}' (the target) has {told} classes in {target.rows} rows: "
            "it looks like an identifier or a quantity; choose another data.target or data.task."
        )
    elif len(counts) == 1:
        yield (
            f"Column '{name}' (the target) has one class only, '{next(iter(counts))}': "
            "nothing can be learned."
        )
    else:
        for label in sorted(label for label, (_, trained) in counts.items() if not trained):
            yield (
                f"No row of class '{label}' of column '{name}' falls into the training split (rows "
                f"of that class: {counts[label][0]}): give more of them, leave the class out, or "
                "change data.split.salt."
            )


def notes(columns: Mapping[str, Profile], max_categories: int) -> Iterator[str]:
    """What a person may want to know about the columns before training on them."""
    for name, profile in columns.items():
        if isinstance(profile, NumberProfile):
            if profile.counts_rows:
                yield f"column '{name}' numbers the rows: consider data.drop for it"
            continue
        tally = profile.tally
        if names_rows(profile, max_categories):
            yield (
                f"column '{name}' has a text of its own in nearly every row: "
                "consider data.drop for it"
            )
        elif tally.distinct > max_categories:
            told = f"about {round(tally.distinct, -3)}" if tally.wide else tally.distinct
            yield (
                f"column '{name}' has {told} categories: the {max_categories} most "
                "frequent are told apart, the others count as unknown (data.max_categories)"
            )
        yield from _nearly_numbers(name, profile)


def _has_commas(profile: TextProfile) -> bool:
    """Whether a text column is one of numbers but for commas in nearly all that are none."""
    return profile.commas > _NEARLY_ALL * profile.odd


def comma_notes(columns: Mapping[str, Profile]) -> Iterator[str]:
    """A note on each column that would be numbers if decimals were written with a point."""
    for name, profile in columns.items():
        if isinstance(profile, TextProfile) and _has_commas(profile):
            yield (
                f"column '{name}' has numbers with commas, such as '{profile.first_odd}': it is no "
                "column of numbers until decimals have a point, and other separators are left out"
            )


def _nearly_numbers(name: str, profile: TextProfile) -> Iterator[str]:
    if _has_commas(profile):
        yield from comma_notes({name: profile})
    elif 0 < profile.odd < profile.numbers:
        yield (
            f"column '{name}' is read as categories since {profile.odd} of its values are no "
            f"numbers, such as '{profile.first_odd}': mend them, or leave those cells empty"
        )
