"""What differs between two versions of a data set, by their schemas: told, never an error."""

from collections.abc import Callable, Iterator, Sequence

from {{ cookiecutter.package_name }}.data.features import category_text
from {{ cookiecutter.package_name }}.data.processed import load_manifest
from {{ cookiecutter.package_name }}.schemas.dataset import Column, DataSchema, Manifest, Target
from {{ cookiecutter.package_name }}.schemas.errors import DataError
from {{ cookiecutter.package_name }}.utils.files import write_text
from {{ cookiecutter.package_name }}.utils.paths import project_root, shown
from {{ cookiecutter.package_name }}.utils.words import counted

MOST_TOLD = 20
"""So many changes are told to a person at once."""
_MOST_NAMED = 5
_ENDS = 8
"""Of consecutive numbers so many, at most, lie beyond those of the training rows."""


def schema_changes(before: Manifest, after: Manifest) -> tuple[str, ...]:
    """A sentence for each thing that is otherwise: what a model is asked first, then its values.

    Nothing is said of a range that grows because its column numbers the rows, nor of categories of
    which only the most frequent are listed: which ones they are changes with any row.
    """
    known = {column.name: column for column in before.data_schema.columns}
    columns = after.data_schema.columns
    both = [(known[column.name], column) for column in columns if column.name in known]
    same = [(one, other) for one, other in both if one.kind == other.kind]
    values: list[str] = []
    for one, other in same:
        place = f"column '{other.name}'"
        if not (_numbers_rows(one, before.rows) and _numbers_rows(other, after.rows)):
            values += _range(place, one, other)
        if not (_is_cut(one, before) or _is_cut(other, after)):
            values += _texts(place, "category", one.categories, other.categories)
        values += _contract(place, one, other)
    return (*signature_changes(before.data_schema, after.data_schema), *values)


def signature_changes(before: DataSchema, after: DataSchema) -> tuple[str, ...]:
    """Changes after which a model of the former data cannot be asked the new ones.

    They are of the columns, their kinds and order, and of the target and its classes.
    """
    return (*_columns(before, after), *_target(before.target, after.target))


def former(name: str) -> Manifest | None:
    """What is prepared as `name` now; None where nothing is, or it is damaged."""
    try:
        return load_manifest(name)
    except DataError:
        return None


def tell_changes(before: Manifest | None, after: Manifest, tell: Callable[[str], None]) -> None:
    """Tell what is otherwise in the schema, and list all of it in `reports/data/<name>.md`."""
    changes = schema_changes(before, after) if before else ()
    if before is None or not changes:
        return
    path = project_root() / "reports" / "data" / f"{after.name}.md"
    write_text(path, report(before, after, changes))
    for line in told(changes):
        tell(f"schema change: {line}")
    tell(f"schema changes are listed in {shown(path)}")


def told(changes: Sequence[str]) -> tuple[str, ...]:
    """The first `MOST_TOLD` of them, and how many more there are."""
    more = len(changes) - MOST_TOLD
    return (*changes[:MOST_TOLD], *([f"… and {more} more"] if more > 0 else []))


def report(before: Manifest, after: Manifest, changes: Sequence[str]) -> str:
    """The changes as a page of Markdown, with what identifies the two versions."""
    rows = [
        f"| {label} | `{manifest.version}` | {manifest.rows:,} | `{manifest.digest[:12]}` |"
        for label, manifest in (("before", before), ("after", after))
    ]
    lines = [
        f"# Schema changes of the data set '{after.name}'",
        "",
        "What the last `prepare` that found a change found, against what was prepared before.",
        "",
        "| | source's version | rows | digest |",
        "|---|---|---|---|",
        *rows,
        "",
        *(f"- {change}" for change in changes),
    ]
    return "\n".join(lines) + "\n"


def _columns(before: DataSchema, after: DataSchema) -> Iterator[str]:
    then = {column.name: column.kind for column in before.columns}
    now = {column.name: column.kind for column in after.columns}
    if added := [name for name in now if name not in then]:
        yield f"{counted(len(added), 'column')} new: {_named(added)}"
    if gone := [name for name in then if name not in now]:
        yield f"{counted(len(gone), 'column')} gone: {_named(gone)}"
    both = [name for name in then if name in now]
    for name in both:
        if then[name] != now[name]:
            yield f"column '{name}' was a {then[name]} and is a {now[name]} now"
    if both != [name for name in now if name in then]:
        yield "the columns come in another order"


def _target(before: Target, after: Target) -> Iterator[str]:
    if before.name != after.name:
        yield f"the target was '{before.name}' and is '{after.name}' now"
    if before.task != after.task:
        yield f"the task was {before.task} and is {after.task} now"
    elif before.name == after.name:
        yield from _texts(f"target '{after.name}'", "class", before.classes, after.classes)
        if set(before.classes) == set(after.classes) and before.classes != after.classes:
            yield f"the classes of '{after.name}' come in another order"


def _numbers_rows(column: Column, rows: int) -> bool:
    """Whether the column looks like 1, 2, 3, …: the training rows hardly lack its ends."""
    low, high = column.minimum, column.maximum
    if low is None or high is None or low % 1 or high % 1:
        return False
    return rows - _ENDS <= high - low + 1 <= rows


def _is_cut(column: Column, manifest: Manifest) -> bool:
    """Whether there may be more categories than are listed."""
    most = manifest.options.get("max_categories")
    return isinstance(most, int) and len(column.categories) >= most


def _contract(place: str, before: Column, after: Column) -> Iterator[str]:
    """What the contract declares otherwise."""
    if (then := _limits(before)) != (now := _limits(after)):
        yield f"{place}: the contract had {then}, and has {now} now"
    if before.required != after.required:
        yield f"{place} {'must not' if after.required else 'may'} be empty now"
    if before.allowed and after.allowed:
        yield from _texts(f"the contract of {place}", "value", before.allowed, after.allowed)
    elif before.allowed or after.allowed:
        any_value = "any value is allowed" if before.allowed else "only listed values are allowed"
        yield f"{place}: {any_value} now"


def _range(place: str, before: Column, after: Column) -> Iterator[str]:
    """Where numbers go beyond what was seen before."""
    if before.minimum is None or before.maximum is None:
        return
    low, high = after.minimum, after.maximum
    if low is None or high is None:
        yield f"{place} has no number any more (it had {_span(before)})"
    elif low < before.minimum or high > before.maximum:
        yield f"{place} goes beyond what was seen: {_span(after)}, it was {_span(before)}"


def _span(column: Column) -> str:
    return f"{category_text(column.minimum)} to {category_text(column.maximum)}"


def _texts(place: str, what: str, before: Sequence[str], after: Sequence[str]) -> Iterator[str]:
    then, now = set(before), set(after)
    if added := [text for text in after if text not in then]:
        yield f"{place} has {counted(len(added), what)} that it had not: {_named(added)}"
    if gone := [text for text in before if text not in now]:
        yield f"{place} has {counted(len(gone), what)} less: {_named(gone)}"


def _limits(column: Column) -> str:
    low, high = column.lowest, column.highest
    limits = [f"min {category_text(low)}"] if low is not None else []
    limits += [f"max {category_text(high)}"] if high is not None else []
    return " and ".join(limits) or "no limits"


def _named(names: Sequence[str]) -> str:
    more = ", …" if len(names) > _MOST_NAMED else ""
    return ", ".join(f"'{name}'" for name in names[:_MOST_NAMED]) + more
