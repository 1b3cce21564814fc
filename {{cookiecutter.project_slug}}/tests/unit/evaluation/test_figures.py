from xml.etree import ElementTree

import numpy as np
import pytest

from {{ cookiecutter.package_name }}.evaluation.figures import (
    MOST_CLASSES,
    MOST_POINTS,
    confusion_heatmap,
    evaluation_figures,
    loss_curves,
    to_svg,
    training_figures,
    write_figures,
)
from {{ cookiecutter.package_name }}.schemas.dataset import Target
from {{ cookiecutter.package_name }}.schemas.model import Predictions

PETS = Target(name="pet", task="classification", classes=("cat", "dog <i>"))
PRICE = Target(name="price", task="regression")
HISTORY = [
    {"epoch": 0.0, "train/loss": 2.0, "val/loss": 2.5},
    {"epoch": 1.0, "train/loss": 1.0, "val/loss": float("nan")},
]


def _pets() -> tuple[np.ndarray, Predictions]:
    labels = np.array(["cat", "dog <i>", "cat"], dtype=object)
    return np.array([0, 1, 1]), Predictions(labels, np.full((3, 2), 0.5, dtype=np.float32))


def _prices(rows: int) -> tuple[np.ndarray, Predictions]:
    truth = np.linspace(1, 9, rows, dtype=np.float32)
    return truth, Predictions(truth + 1)


def _texts(svg: str) -> set[str]:
    root = ElementTree.fromstring(svg)
    return {text for element in root.iter() for text in [(element.text or "").strip()] if text}


def test_a_training_leaves_curves_and_a_confusion_matrix(tmp_path):
    figures = training_figures(HISTORY, PETS, *_pets())

    paths = write_figures(tmp_path / "figures", figures)

    curves, matrix = (_texts(path.read_text()) for path in paths)
    assert [path.name for path in paths] == ["loss.svg", "confusion_matrix.svg"]
    assert {"Loss by epoch", "epoch", "loss", "training", "validation"} <= curves
    assert {"Confusion matrix, validation split", "actual class", "dog <i>"} <= matrix


def test_curves_count_epochs_from_one_and_leave_out_what_is_no_number():
    rows = loss_curves(HISTORY)["data"]["values"]

    assert [(row["epoch"], row["split"]) for row in rows] == [
        (1, "training"),
        (1, "validation"),
        (2, "training"),
    ]


def test_a_model_without_epochs_has_no_curves():
    assert list(training_figures([], PETS, *_pets())) == ["confusion_matrix"]


def test_regression_shows_predictions_and_residuals():
    figures = evaluation_figures(PRICE, *_prices(5))

    scatter, residuals = (_texts(to_svg(figure)) for figure in figures.values())
    assert {"actual price", "predicted price", "on the line both agree"} <= scatter
    assert {"Residuals of price, test split", "predicted minus actual"} <= residuals


def test_a_scatter_of_very_many_rows_shows_some_and_says_so():
    figure = evaluation_figures(PRICE, *_prices(3 * MOST_POINTS))["residuals"]

    assert len(figure["data"]["values"]) == MOST_POINTS
    assert figure["title"]["subtitle"].endswith(f"{MOST_POINTS} of {3 * MOST_POINTS} rows shown")


def test_of_very_many_classes_the_most_mistaken_are_shown():
    classes = [f"c{number:02}" for number in range(40)]
    matrix = np.eye(40, dtype=np.int64)
    matrix[39, 38] = 5

    figure = confusion_heatmap(matrix, classes, "test")

    shown = {row["actual"] for row in figure["data"]["values"]}
    assert len(shown) == MOST_CLASSES
    assert {"c38", "c39"} <= shown
    assert "the 25 of 40 classes most often mistaken" in figure["title"]["subtitle"]


@pytest.mark.parametrize("rows", [1, 2])
def test_very_few_rows_still_make_figures(rows):
    for figure in evaluation_figures(PRICE, *_prices(rows)).values():
        assert to_svg(figure).startswith("<svg")
