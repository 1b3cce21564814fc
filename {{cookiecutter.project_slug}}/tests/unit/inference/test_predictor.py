import numpy as np
import pytest

from {{ cookiecutter.package_name }}.data.features import Features
from {{ cookiecutter.package_name }}.inference.predictor import Predictor
from {{ cookiecutter.package_name }}.schemas.dataset import Column, DataSchema, Target


@pytest.fixture
def rows():
    """An old person in Oslo, a young one in Bergen."""
    numeric = np.array([[70, 1], [20, 1]], dtype=np.float32)
    return Features(numeric, np.array([["Oslo"], ["Bergen"]], dtype=object))


def test_a_class_is_answered_with_its_probabilities(fake_predictor, rows):
    answer = fake_predictor.predict(rows)

    assert answer.values.tolist() == ["yes", "no"]
    assert answer.probabilities.tolist() == [[0.25, 0.75], [0.75, 0.25]]


def test_a_number_is_answered_alone(fake_runtime, describe_model, rows):
    schema = DataSchema(
        columns=(Column(name="age", kind="number"), Column(name="income", kind="number")),
        target=Target(name="price", task="regression"),
    )

    answer = Predictor(fake_runtime, describe_model(schema)).predict(rows)

    assert answer.values.tolist() == [140.0, 40.0]
    assert answer.probabilities is None


def test_only_the_kinds_of_columns_that_a_model_has_are_fed(fake_runtime, describe_model, rows):
    schema = DataSchema(
        columns=(Column(name="age", kind="number"),),
        target=Target(name="bought", task="classification", classes=("no", "yes")),
    )

    Predictor(fake_runtime, describe_model(schema)).predict(rows)

    assert list(fake_runtime.feeds[0]) == ["numeric"]


def test_a_file_and_a_frame_around_it_answer_alike(tiny_model, rows):
    assert Predictor.open(tiny_model).predict(rows).values.tolist() == ["yes", "no"]
