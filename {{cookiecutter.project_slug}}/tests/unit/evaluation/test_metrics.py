import numpy as np
import pytest
from sklearn import metrics as reference

from {{ cookiecutter.package_name }}.evaluation.metrics import (
    class_scores,
    confusion_matrix,
    names,
    score,
)
from {{ cookiecutter.package_name }}.schemas.dataset import Target
from {{ cookiecutter.package_name }}.schemas.errors import DataError
from {{ cookiecutter.package_name }}.schemas.model import Predictions

PETS = Target(name="pet", task="classification", classes=("bird", "cat", "dog"))
PRICE = Target(name="price", task="regression")


def _answers(target: Target, probabilities) -> Predictions:
    scores = np.asarray(probabilities, dtype=np.float32)
    return Predictions(np.array(target.classes, dtype=object)[scores.argmax(axis=1)], scores)


def test_classification_numbers_are_those_of_scikit_learn():
    draws = np.random.default_rng(1)
    truth = draws.integers(0, 3, 200)
    probabilities = draws.dirichlet([1, 1, 1], 200)
    answered = probabilities.argmax(axis=1)

    numbers = score(PETS, truth, _answers(PETS, probabilities))

    assert tuple(numbers) == names(PETS)
    assert numbers["accuracy"] == pytest.approx(reference.accuracy_score(truth, answered))
    macro = reference.f1_score(truth, answered, average="macro")
    assert numbers["macro_f1"] == pytest.approx(macro)
    balanced = reference.balanced_accuracy_score(truth, answered)
    assert numbers["balanced_accuracy"] == pytest.approx(balanced)
    assert numbers["log_loss"] == pytest.approx(reference.log_loss(truth, probabilities), rel=1e-5)


def test_always_answering_the_shares_of_the_classes_shows_no_skill():
    numbers = score(PETS, np.array([2, 2, 2, 0]), _answers(PETS, [[0.25, 0, 0.75]] * 4))

    assert numbers["majority_accuracy"] == 0.75
    assert numbers["skill"] == pytest.approx(0.0, abs=1e-6)


def test_certainty_that_is_right_is_full_skill():
    numbers = score(PETS, np.array([2, 0]), _answers(PETS, np.eye(3)[[2, 0]]))

    assert numbers["skill"] == pytest.approx(1.0)


def test_finding_some_of_a_rare_class_is_skill_where_accuracy_hardly_moves():
    truth = np.array([1] * 10 + [0] * 990)
    found = [[0.1, 0.9, 0]] * 5 + [[0.995, 0.005, 0]] * 995

    numbers = score(PETS, truth, _answers(PETS, found))

    assert numbers["accuracy"] - numbers["majority_accuracy"] < 0.01
    assert numbers["skill"] > 0.3
    assert numbers["balanced_accuracy"] == 0.75


def test_one_class_alone_leaves_nothing_to_be_skilled_in():
    assert score(PETS, np.array([0]), _answers(PETS, [[1, 0, 0]]))["skill"] == 0.0


def test_a_class_that_neither_occurs_nor_is_answered_does_not_count_in_macro_f1():
    numbers = score(PETS, np.array([0, 1]), _answers(PETS, np.eye(3)[[0, 1]]))

    assert numbers["macro_f1"] == 1.0


def test_being_sure_and_wrong_costs_much_but_not_infinity():
    numbers = score(PETS, np.array([0]), _answers(PETS, [[0, 0, 1]]))

    assert numbers["log_loss"] == pytest.approx(-np.log(1e-7))


def test_regression_numbers_are_those_of_scikit_learn():
    draws = np.random.default_rng(2)
    truth = draws.normal(100, 20, 50).astype(np.float32)
    values = (truth + draws.normal(0, 5, 50)).astype(np.float32)

    numbers = score(PRICE, truth, Predictions(values))

    assert tuple(numbers) == names(PRICE)
    assert numbers["rmse"] == pytest.approx(
        reference.root_mean_squared_error(truth, values), rel=1e-5
    )
    assert numbers["mae"] == pytest.approx(reference.mean_absolute_error(truth, values), rel=1e-5)
    assert numbers["r2"] == pytest.approx(reference.r2_score(truth, values), rel=1e-5)


@pytest.mark.parametrize(("answer", "r2"), [(3.0, 1.0), (4.0, 0.0)])
def test_r2_of_a_constant_target_is_one_or_zero(answer, r2):
    truth = np.array([3, 3], dtype=np.float32)

    numbers = score(PRICE, truth, Predictions(np.array([3, answer], dtype=np.float32)))

    assert numbers["r2"] == r2


def test_rows_of_the_confusion_matrix_are_true_classes():
    matrix = confusion_matrix(
        np.array([0, 0, 2]), _answers(PETS, np.eye(3)[[0, 2, 2]]), PETS.classes
    )

    bird, cat, dog = class_scores(matrix, PETS.classes)
    assert matrix.tolist() == [[1, 0, 1], [0, 0, 0], [0, 0, 1]]
    assert (bird.rows, bird.precision, bird.recall) == (2, 1.0, 0.5)
    assert (cat.rows, cat.precision, cat.recall, cat.f1) == (0, 0.0, 0.0, 0.0)
    assert dog.f1 == pytest.approx(2 / 3)


@pytest.mark.parametrize("target", [PETS, PRICE])
def test_no_rows_cannot_be_scored(target):
    with pytest.raises(DataError, match=f"no rows to score '{target.name}' on"):
        score(target, np.empty(0, dtype=np.int64), Predictions(np.empty(0, dtype=object)))


def test_log_loss_needs_probabilities():
    with pytest.raises(DataError, match="probability for each class"):
        score(PETS, np.array([0]), Predictions(np.array(["bird"], dtype=object)))
