"""Numbers that say how good answers are, computed with numpy alone."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from {{ cookiecutter.package_name }}.schemas.dataset import Target
from {{ cookiecutter.package_name }}.schemas.errors import DataError
from {{ cookiecutter.package_name }}.schemas.model import Predictions

Truth = NDArray[np.int64] | NDArray[np.float32]
"""Shape (N,): indexes into the target's classes, or values for regression."""

CLASSIFICATION = (
    "accuracy",
    "balanced_accuracy",
    "macro_f1",
    "log_loss",
    "majority_accuracy",
    "skill",
)
REGRESSION = ("rmse", "mae", "r2")
LESS_IS_BETTER = frozenset({"log_loss", "rmse", "mae"})
_SMALLEST = 1e-7
"""Probabilities below float32's precision count as this one: log loss stays finite."""


@dataclass(frozen=True)
class ClassScore:
    """One class: how many rows are of it, and how well they are found, each from 0 to 1."""

    name: str
    rows: int
    precision: float
    recall: float
    f1: float


def score(target: Target, truth: Truth, predictions: Predictions) -> dict[str, float]:
    """Every metric of the target's task, by name; DataError for no rows.

    Classification: `majority_accuracy` is what always answering the commonest class would reach.
    `skill` is to log loss what `r2` is to squared error: 0 for always answering the classes'
    shares, 1 for certainty that is right, however rare a class is. Regression: errors in the
    target's unit; `r2` is 0 for always answering the mean.
    """
    if len(truth) == 0:
        raise DataError(f"There are no rows to score '{target.name}' on.")
    if target.task == "regression":
        return _regression(np.asarray(truth, dtype=np.float64), predictions)
    return _classification(target.classes, np.asarray(truth, dtype=np.int64), predictions)


def names(target: Target) -> tuple[str, ...]:
    """The metrics that `score` gives for this target."""
    return CLASSIFICATION if target.task == "classification" else REGRESSION


def confusion_matrix(
    truth: Truth, predictions: Predictions, classes: Sequence[str]
) -> NDArray[np.int64]:
    """Counts of shape (classes, classes): row is the true class, column the answer."""
    pairs = np.asarray(truth, dtype=np.int64) * len(classes) + class_indexes(predictions, classes)
    counts = np.bincount(pairs, minlength=len(classes) ** 2)
    return counts.reshape(len(classes), len(classes)).astype(np.int64)


def class_scores(matrix: NDArray[np.int64], classes: Sequence[str]) -> list[ClassScore]:
    """Precision, recall and F1 of each class; 0 where nothing was there or was answered."""
    right, rows, answers = matrix.diagonal(), matrix.sum(axis=1), matrix.sum(axis=0)
    return [
        ClassScore(name, int(n), _ratio(hit, given), _ratio(hit, n), _ratio(2 * hit, n + given))
        for name, hit, n, given in zip(classes, right, rows, answers, strict=True)
    ]


def _ratio(part: int, whole: int) -> float:
    return float(part) / float(whole) if whole else 0.0


def class_indexes(predictions: Predictions, classes: Sequence[str]) -> NDArray[np.int64]:
    """Which class each row was answered to be, by its place; shape (N,)."""
    place = {name: index for index, name in enumerate(classes)}
    return np.array([place[str(label)] for label in predictions.values], dtype=np.int64)


def _classification(
    classes: Sequence[str], truth: NDArray[np.int64], predictions: Predictions
) -> dict[str, float]:
    matrix = confusion_matrix(truth, predictions, classes)
    there = (matrix.sum(axis=0) + matrix.sum(axis=1)) > 0
    scores = class_scores(matrix, classes)
    f1 = np.array([one.f1 for one in scores])
    recalls = [one.recall for one in scores if one.rows]
    accuracy = float(matrix.trace() / matrix.sum())
    majority = float(matrix.sum(axis=1).max() / matrix.sum())
    log_loss = float(row_log_losses(truth, predictions).mean())
    return {
        "accuracy": accuracy,
        "balanced_accuracy": float(np.mean(recalls)),
        "macro_f1": float(f1[there].mean()),
        "log_loss": log_loss,
        "majority_accuracy": majority,
        "skill": _skill(log_loss, matrix.sum(axis=1)),
    }


def _skill(log_loss: float, counts: NDArray[np.int64]) -> float:
    shares = counts[counts > 0] / counts.sum()
    unskilled = float(-(shares * np.log(shares)).sum())
    return 1.0 - log_loss / unskilled if unskilled else 0.0


def row_log_losses(truth: NDArray[np.int64], predictions: Predictions) -> NDArray[np.float64]:
    """The log loss of each row, shape (N,); DataError where there are no probabilities."""
    if predictions.probabilities is None:
        raise DataError("Log loss needs a probability for each class, but there are none.")
    chosen = predictions.probabilities[np.arange(len(truth)), truth].astype(np.float64)
    losses: NDArray[np.float64] = -np.log(np.clip(chosen, _SMALLEST, 1.0))
    return losses


def _regression(truth: NDArray[np.float64], predictions: Predictions) -> dict[str, float]:
    errors = np.asarray(predictions.values, dtype=np.float64) - truth
    spread = float(np.square(truth - truth.mean()).sum())
    missed = float(np.square(errors).sum())
    return {
        "rmse": float(np.sqrt(np.square(errors).mean())),
        "mae": float(np.abs(errors).mean()),
        "r2": 1.0 - missed / spread if spread else float(missed == 0),
    }
