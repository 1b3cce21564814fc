"""What the training split teaches about the columns, and what looks odd about them."""

from collections.abc import Iterator, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from {{ cookiecutter.package_name }}.data.identifiers import names_rows
from {{ cookiecutter.package_name }}.data.layout import Layout, TypedColumn
from {{ cookiecutter.package_name }}.data.tabular import as_numbers, is_text
from {{ cookiecutter.package_name }}.schemas.dataset import SPLITS, Column, DataSchema, Target


def described(column: TypedColumn, rows: NDArray[np.bool_], most: int) -> Column:
    """Range or most frequent categories of a column in the rows that are true."""
    values = column.values.filter(pa.array(rows)).drop_null()
    if column.kind == "number":
        bounds = pc.min_max(values).as_py()
        return Column(name=column.name, kind="number", minimum=bounds["min"], maximum=bounds["max"])
    counts = {item["values"]: item["counts"] for item in pc.value_counts(values).to_pylist()}
    frequent = sorted(counts, key=lambda text: (-counts[text], text))[:most]
    return Column(name=column.name, kind="category", categories=tuple(sorted(frequent)))


def classes_of(target: TypedColumn) -> tuple[str, ...]:
    """The distinct labels, sorted; by value where all of them are whole numbers."""
    labels = pc.unique(target.values).to_pylist()
    whole = all(label.removeprefix("-").isdecimal() and label.isascii() for label in labels)
    return tuple(sorted(labels, key=int) if whole else sorted(labels))


def schema_of(
    layout: Layout,
    training: NDArray[np.bool_],
    max_categories: int,
    image_shape: tuple[int, int, int] | None,
) -> DataSchema:
    """Columns as the training rows show them, and the target with all of its classes."""
    classes = classes_of(layout.target) if layout.task == "classification" else ()
    return DataSchema(
        columns=tuple(described(column, training, max_categories) for column in layout.features),
        target=Target(name=layout.target.name, task=layout.task, classes=classes),
        image_shape=image_shape,
    )


def counts_rows(values: pa.ChunkedArray) -> bool:
    """Whether a number column is 1, 2, 3, … in some order: a row number, not a measurement."""
    numbers = values.drop_null()
    if len(numbers) < len(values) or len(pc.unique(numbers)) < len(numbers):
        return False
    bounds = pc.min_max(numbers).as_py()
    whole = pc.all(pc.equal(pc.floor(numbers), numbers)).as_py()
    return bool(whole and bounds["max"] - bounds["min"] == len(numbers) - 1)


def target_problems(
    layout: Layout, splits: NDArray[np.int8], *, task_stated: bool
) -> Iterator[str]:
    """Sentences about a target or a split from which nothing can be learned."""
    name, values = layout.target.name, layout.target.values
    if layout.task == "classification":
        yield from _label_problems(name, values, splits)
    elif len(pc.unique(values)) == 1:
        yield f"Column '{name}' (the target) is {values[0]} in every row: nothing can be learned."
    elif not task_stated and counts_rows(values):
        yield (
            f"Column '{name}' (the target) numbers the rows: it looks like an identifier; "
            "choose another data.target, or say data.task=regression if it is meant."
        )
    for index, split in enumerate(SPLITS):
        if not (splits == index).any():
            yield (
                f"The split '{split}' would be empty: the rows, or the distinct keys, are too few; "
                "give more rows or another data.split.salt."
            )


def _label_problems(name: str, values: pa.ChunkedArray, splits: NDArray[np.int8]) -> Iterator[str]:
    counts = {item["values"]: item["counts"] for item in pc.value_counts(values).to_pylist()}
    if len(counts) == 1:
        yield (
            f"Column '{name}' (the target) has one class only, '{next(iter(counts))}': "
            "nothing can be learned."
        )
    elif len(counts) > len(values) / 2:
        yield (
            f"Column '{name}' (the target) has {len(counts)} classes in {len(values)} rows: "
            "it looks like an identifier or a quantity; choose another data.target or data.task."
        )
    else:
        trained = set(pc.unique(values.filter(pa.array(splits == 0))).to_pylist())
        for label in sorted(set(counts) - trained):
            yield (
                f"No row of class '{label}' of column '{name}' falls into the training split (rows "
                f"of that class: {counts[label]}): give more of them, leave the class out, or "
                "change data.split.salt."
            )


def notes(columns: Sequence[TypedColumn], max_categories: int) -> Iterator[str]:
    """What a person may want to know about the columns before training on them."""
    for column in columns:
        if column.kind == "number":
            if counts_rows(column.values):
                yield f"column '{column.name}' numbers the rows: consider data.drop for it"
            continue
        present = column.values.drop_null()
        distinct = len(pc.unique(present))
        if names_rows(column, max_categories):
            yield (
                f"column '{column.name}' has a text of its own in nearly every row: "
                "consider data.drop for it"
            )
        elif distinct > max_categories:
            yield (
                f"column '{column.name}' has {distinct} categories: the {max_categories} most "
                "frequent are told apart, the others count as unknown (data.max_categories)"
            )
        yield from _nearly_numbers(column)


def _nearly_numbers(column: TypedColumn) -> Iterator[str]:
    if not is_text(column.raw.type):
        return
    numbers, wrong = as_numbers(column.raw)
    odd, there = pc.sum(wrong).as_py(), len(numbers) - numbers.null_count
    if 0 < odd < there:
        first = column.raw.filter(wrong)[0].as_py()
        yield (
            f"column '{column.name}' is read as categories since {odd} of its values are no "
            f"numbers, such as '{first}': mend them, or leave those cells empty"
        )
