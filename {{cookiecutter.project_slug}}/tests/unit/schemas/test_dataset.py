import pytest
from pydantic import ValidationError

from {{ cookiecutter.package_name }}.schemas.dataset import Column, Manifest, Target


@pytest.mark.parametrize(
    ("task", "classes"), [("classification", ()), ("regression", ("no", "yes"))]
)
def test_classes_belong_to_a_classification_and_to_nothing_else(task, classes):
    with pytest.raises(ValidationError, match=f"target 'price': {task} with"):
        Target(name="price", task=task, classes=classes)


def test_columns_are_told_apart_by_kind_in_their_order(mixed_schema):
    assert [column.name for column in mixed_schema.numbers] == ["age", "income"]
    assert [column.name for column in mixed_schema.categories] == ["city"]


def test_a_record_refuses_unknown_keys_and_changes():
    with pytest.raises(ValidationError, match="extra_forbidden"):
        Column(name="age", kind="number", unit="years")

    with pytest.raises(ValidationError, match="frozen"):
        Column(name="age", kind="number").name = "years"


def test_a_manifest_comes_back_from_its_json(prepared):
    text = prepared.mixed.model_dump_json(indent=2)

    assert Manifest.model_validate_json(text) == prepared.mixed


def test_a_column_from_before_contracts_travelled_declares_nothing():
    column = Column.model_validate_json('{"name": "age", "kind": "number", "minimum": 18}')

    declared = (column.lowest, column.highest, column.required, column.allowed)
    assert declared == (None, None, False, ())
