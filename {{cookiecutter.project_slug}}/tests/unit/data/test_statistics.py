import numpy as np
import pyarrow as pa
import pytest

from {{ cookiecutter.package_name }}.data.layout import as_kind, lay_out
from {{ cookiecutter.package_name }}.data.statistics import (
    classes_of,
    counts_rows,
    described,
    notes,
    target_problems,
)
from {{ cookiecutter.package_name }}.schemas.dataset import Column


def typed(values, kind, name="v"):
    return as_kind(name, pa.chunked_array([values]), kind)


def test_a_number_has_the_range_of_the_training_rows():
    column = typed([5.0, None, -1.0, 99.0], "number")

    told = described(column, np.array([True, True, True, False]), 50)

    assert told == Column(name="v", kind="number", minimum=-1, maximum=5)


def test_a_number_that_training_never_sees_has_no_range():
    column = typed([None, 1.0], "number")

    assert described(column, np.array([True, False]), 50).minimum is None


def test_a_category_has_its_most_frequent_values_sorted():
    column = typed(["b", "z", "z", "", "a", "unseen"], "category")
    rows = np.array([True] * 5 + [False])

    assert described(column, rows, 50).categories == ("a", "b", "z")
    assert described(column, rows, 2).categories == ("a", "z")


@pytest.mark.parametrize(
    ("labels", "classes"),
    [
        (["10", "9", "-1"], ("-1", "9", "10")),
        (["b", "a", "10"], ("10", "a", "b")),
        (["²", "1"], ("1", "²")),
    ],
)
def test_classes_are_sorted_by_value_where_they_are_numbers(labels, classes):
    assert classes_of(typed(labels, "category")) == classes


@pytest.mark.parametrize(
    ("values", "counts"),
    [
        ([3.0, 1.0, 2.0], True),
        ([3.0, 1.0, 4.0], False),
        ([1.0, 1.0, 2.0], False),
        ([0.5, 1.5, 2.5], False),
        ([1.0, None, 2.0], False),
    ],
)
def test_a_row_number_is_recognised(values, counts):
    assert counts_rows(pa.chunked_array([values])) is counts


X = [i * 0.5 for i in range(60)]
SPLITS = np.array([0] * 40 + [1] * 10 + [2] * 10, dtype=np.int8)
HOPELESS = [
    (
        ["no"] * 60,
        None,
        "Column 'y' (the target) has one class only, 'no': nothing can be learned.",
    ),
    ([1.5] * 60, None, "Column 'y' (the target) is 1.5 in every row: nothing can be learned."),
    (
        list(range(60)),
        None,
        "Column 'y' (the target) numbers the rows: it looks like an identifier; choose another "
        "data.target, or say data.task=regression if it is meant.",
    ),
    (
        [f"u{i}" for i in range(60)],
        None,
        "Column 'y' (the target) has 60 classes in 60 rows: it looks like an identifier or a "
        "quantity; choose another data.target or data.task.",
    ),
    (
        ["no", "yes"] * 29 + ["rare", "rare"],
        None,
        "No row of class 'rare' of column 'y' falls into the training split (rows of that class: "
        "2): give more of them, leave the class out, or change data.split.salt.",
    ),
    (["no", "yes"] * 30, None, ""),
    (list(range(60)), "regression", ""),
]


@pytest.mark.parametrize(("target", "task", "told"), HOPELESS)
def test_a_target_that_cannot_be_learned_is_a_sentence(table_of, plan_with, target, task, told):
    layout = lay_out(table_of({"x": X, "y": target}), plan_with(task=task))

    problems = target_problems(layout, SPLITS, task_stated=task is not None)

    assert "\n".join(problems) == told


def test_an_empty_split_is_a_sentence(table_of, plan_with):
    layout = lay_out(table_of(), plan_with())
    splits = np.where(SPLITS == 1, 0, SPLITS).astype(np.int8)

    (told,) = target_problems(layout, splits, task_stated=False)

    assert told == (
        "The split 'val' would be empty: the rows, or the distinct keys, are too few; give more "
        "rows or another data.split.salt."
    )


def test_odd_columns_are_noted():
    columns = [
        typed(list(range(1, 61)), "number", "id"),
        typed([f"name {i}" for i in range(60)], "category", "who"),
        typed([f"town {i % 20}" for i in range(60)], "category", "town"),
        typed(["12"] * 59 + ["?"], "category", "age"),
        typed(["a", "b"] * 30, "category", "fine"),
        typed([0.5, 1.5] * 30, "number", "good"),
    ]

    assert list(notes(columns, max_categories=10)) == [
        "column 'id' numbers the rows: consider data.drop for it",
        "column 'who' has a text of its own in nearly every row: consider data.drop for it",
        "column 'town' has 20 categories: the 10 most frequent are told apart, the others count "
        "as unknown (data.max_categories)",
        "column 'age' is read as categories since 1 of its values are no numbers, such as '?': "
        "mend them, or leave those cells empty",
    ]
