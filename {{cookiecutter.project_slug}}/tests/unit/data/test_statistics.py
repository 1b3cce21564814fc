import numpy as np
import pyarrow as pa
import pytest

from {{ cookiecutter.package_name }}.data import tallies
from {{ cookiecutter.package_name }}.data.layout import as_kind
from {{ cookiecutter.package_name }}.data.plan import ColumnRule
from {{ cookiecutter.package_name }}.data.profiles import NumberProfile, TextProfile
from {{ cookiecutter.package_name }}.data.splitting import coded
from {{ cookiecutter.package_name }}.data.statistics import (
    classes_of,
    comma_notes,
    described,
    notes,
    target_problems,
    trained_counts,
)
from {{ cookiecutter.package_name }}.data.tallies import Tally
from {{ cookiecutter.package_name }}.schemas.dataset import Column


def profile_of(values, kind, training=None):
    column = as_kind("v", pa.chunked_array([values]), kind)
    rows = np.ones(len(values), bool) if training is None else np.array(training)
    if kind == "number":
        profile = NumberProfile()
        profile.add(column, rows)
    else:
        profile = TextProfile()
        profile.add(column, coded(column.values), rows)
    return profile


def column_of(profile, rule=None, most=50):
    return described("v", profile, rule or ColumnRule(), trained_counts(profile), most)


def test_a_number_has_the_range_of_the_training_rows():
    profile = profile_of([5.0, None, -1.0, 99.0], "number", [True, True, True, False])

    assert column_of(profile) == Column(name="v", kind="number", minimum=-1, maximum=5)


def test_a_number_that_training_never_sees_has_no_range():
    assert column_of(profile_of([None, 1.0], "number", [True, False])).minimum is None


def test_a_category_has_its_most_frequent_values_sorted():
    values = ["b", "z", "z", "", "a", "unseen"]
    profile = profile_of(values, "category", [True] * 5 + [False])

    assert column_of(profile).categories == ("a", "b", "z")
    assert column_of(profile, most=2).categories == ("a", "z")


def test_what_the_contract_declares_stands_beside_what_was_seen():
    number = column_of(profile_of([1.0], "number"), ColumnRule(min=0, max=9, nullable=False))
    category = column_of(profile_of(["a"], "category"), ColumnRule(values=["a", "b"]))

    assert (number.lowest, number.highest, number.required) == (0, 9, True)
    assert (number.minimum, number.maximum) == (1, 1)
    assert (category.categories, category.allowed, category.required) == (("a",), ("a", "b"), False)


@pytest.mark.parametrize(
    ("labels", "classes"),
    [
        (["10", "9", "-1"], ("-1", "9", "10")),
        (["b", "a", "10"], ("10", "a", "b")),
        (["²", "1"], ("1", "²")),
    ],
)
def test_classes_are_sorted_by_value_where_they_are_numbers(labels, classes):
    assert classes_of(labels) == classes


TRAINING = [True] * 40 + [False] * 20
HOPELESS = [
    (
        ["no"] * 60,
        None,
        "Column 'y' (the target) has one class only, 'no': nothing can be learned.",
    ),
    ([1.5] * 60, None, "Column 'y' (the target) is 1.5 in every row: nothing can be learned."),
    (
        [float(i) for i in range(60)],
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
        [f"{i},5" for i in range(60)],
        None,
        "Column 'y' (the target) has numbers with commas, such as '0,5': write decimals with a "
        "point, and leave out other separators.",
    ),
    (
        ["no", "yes"] * 29 + ["rare", "rare"],
        None,
        "No row of class 'rare' of column 'y' falls into the training split (rows of that class: "
        "2): give more of them, leave the class out, or change data.split.salt.",
    ),
    (["no", "yes"] * 30, None, ""),
    ([float(i) for i in range(60)], "regression", ""),
]


@pytest.mark.parametrize(("target", "task", "told"), HOPELESS)
def test_a_target_that_cannot_be_learned_is_a_sentence(target, task, told):
    kind = "category" if isinstance(target[0], str) else "number"
    profile = profile_of(target, kind, TRAINING)

    problems = target_problems("y", profile, [40, 10, 10], task_stated=task is not None)

    assert "\n".join(problems) == told


def test_more_classes_than_are_counted_are_a_sentence():
    profile = TextProfile(tally=Tally(cap=3))
    column = as_kind("y", pa.chunked_array([["a", "b", "c", "d"] * 10]), "category")
    profile.add(column, coded(column.values), np.ones(40, bool))

    (told,) = target_problems("y", profile, [1, 1, 1], task_stated=True)

    assert told.startswith("Column 'y' (the target) has more than 65,536 classes in 40 rows: ")
    assert tallies.CAP == 65_536


def test_an_empty_split_is_a_sentence():
    profile = profile_of(["no", "yes"] * 30, "category")

    (told,) = target_problems("y", profile, [50, 0, 10], task_stated=False)

    assert told == (
        "The split 'val' would be empty: the rows, or the distinct keys, are too few; give more "
        "rows or another data.split.salt."
    )


def test_odd_columns_are_noted():
    columns = {
        "id": profile_of([float(i) for i in range(1, 61)], "number"),
        "who": profile_of([f"name {i}" for i in range(60)], "category"),
        "town": profile_of([f"town {i % 20}" for i in range(60)], "category"),
        "age": profile_of(["12"] * 59 + ["?"], "category"),
        "price": profile_of(["1,5", "2", "1.000,25"] * 20, "category"),
        "list": profile_of(["1,5", "or so"] * 30, "category"),
        "fine": profile_of(["a", "b"] * 30, "category"),
        "good": profile_of([0.5, 1.5] * 30, "number"),
    }

    assert list(notes(columns, max_categories=10)) == [
        "column 'id' numbers the rows: consider data.drop for it",
        "column 'who' has a text of its own in nearly every row: consider data.drop for it",
        "column 'town' has 20 categories: the 10 most frequent are told apart, the others count "
        "as unknown (data.max_categories)",
        "column 'age' is read as categories since 1 of its values are no numbers, such as '?': "
        "mend them, or leave those cells empty",
        "column 'price' has numbers with commas, such as '1,5': it is no column of numbers until "
        "decimals have a point, and other separators are left out",
    ]


def test_a_column_that_is_left_out_is_noted_only_for_its_commas():
    columns = {
        "price": profile_of([f"{i},25" for i in range(60)], "category"),
        "who": profile_of([f"name {i}" for i in range(60)], "category"),
    }

    (told,) = comma_notes(columns)

    assert told.startswith("column 'price' has numbers with commas, such as '0,25'")
