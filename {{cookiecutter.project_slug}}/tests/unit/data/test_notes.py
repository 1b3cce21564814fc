import pyarrow as pa
import pytest

from {{ cookiecutter.package_name }}.data.assigned import Assigned
from {{ cookiecutter.package_name }}.data.notes import notes_of
from {{ cookiecutter.package_name }}.data.plan import Plan
from {{ cookiecutter.package_name }}.data.reading import Reader, unheard
from {{ cookiecutter.package_name }}.data.scan import laid_out, scan
from {{ cookiecutter.package_name }}.data.source import Held


def notes(columns, target="y", **keys):
    said = {
        "name": "t",
        "target": target,
        "task": None,
        "key": None,
        "drop": [],
        "max_categories": 5,
        "image_shape": None,
        "split": {"salt": "1", "train": 0.7, "val": 0.15, "test": 0.15},
        "contract": {"columns": {}, "classes": None},
    }
    plan = Plan.model_validate(said | keys)
    rows = Held(pa.table(columns), "rows", "1")
    with Assigned() as splits:
        found = scan(Reader(rows, unheard), laid_out(rows, plan), plan, splits)
        return notes_of(found, found, plan)


X = [i * 1.5 for i in range(60)]
Y = ["no", "yes"] * 30


@pytest.mark.parametrize("value", [7, "a", True])
def test_a_column_of_one_value_is_told(value):
    assert notes({"x": X, "c": [value] * 60, "y": Y}) == (
        "column 'c' has the same value in every row: consider data.drop for it",
    )


def test_many_columns_of_one_value_are_one_note():
    constant = {f"c{i}": [i] * 60 for i in range(7)}

    assert notes({"x": X, "y": Y} | constant) == (
        "7 columns have the same value in every row: 'c0', 'c1', 'c2', 'c3', 'c4', …; consider "
        "data.drop for them",
    )


@pytest.mark.parametrize("value", [7, "a"])
def test_a_value_that_is_missing_elsewhere_says_something(value):
    assert notes({"x": X, "c": [value, None] * 30, "y": Y}) == ()


def test_pixels_that_are_always_black_are_no_news():
    assert notes({"x": X, "c": [0] * 60, "y": Y}, image_shape=(1, 1, 2)) == ()


@pytest.mark.parametrize(("classes", "told"), [(1_000, 0), (1_001, 1)])
def test_a_target_of_very_many_classes_is_told(classes, told):
    labels = [f"class {i % classes}" for i in range(3 * classes)]

    found = notes({"x": [i % 7 + 0.5 for i in range(len(labels))], "y": labels})

    assert len(found) == told
    assert all("(the target) has 1,001 classes" in note for note in found)
