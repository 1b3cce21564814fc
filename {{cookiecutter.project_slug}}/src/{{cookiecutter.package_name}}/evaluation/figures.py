"""Figures of training and evaluation, as Vega-Lite specifications that become SVG files.

Training writes `write_figures(folder / "figures", training_figures(...))`; a report draws what
`evaluation_figures` gives.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from {{ cookiecutter.package_name }}.evaluation import charts
from {{ cookiecutter.package_name }}.evaluation.charts import Spec
from {{ cookiecutter.package_name }}.evaluation.metrics import Truth, confusion_matrix
from {{ cookiecutter.package_name }}.schemas.dataset import Target
from {{ cookiecutter.package_name }}.schemas.model import Predictions
from {{ cookiecutter.package_name }}.utils.files import write_text
from {{ cookiecutter.package_name }}.utils.words import counted

MOST_CLASSES = 25
MOST_POINTS = 2000
"""What one figure can show and still be read."""

_LOSS_NAMES = (("train/loss", "training"), ("val/loss", "validation"))


def training_figures(
    history: Sequence[Mapping[str, float]], target: Target, truth: Truth, predictions: Predictions
) -> dict[str, Spec]:
    """What a training leaves behind: its loss curves, and how it answers the validation split.

    `history` has a mapping an epoch with `epoch` (from 0), `train/loss` and `val/loss`; without
    epochs there are no curves.
    """
    curves = {"loss": loss_curves(history)} if len(history) > 1 else {}
    return {**curves, **evaluation_figures(target, truth, predictions, split="validation")}


def evaluation_figures(
    target: Target, truth: Truth, predictions: Predictions, split: str = "test"
) -> dict[str, Spec]:
    """Confusion matrix; or predicted against actual values, and residuals."""
    if target.task == "classification":
        matrix = confusion_matrix(truth, predictions, target.classes)
        return {"confusion_matrix": confusion_heatmap(matrix, target.classes, split)}
    return {
        "predicted_vs_actual": predicted_vs_actual(target, truth, predictions, split),
        "residuals": residuals(target, truth, predictions, split),
    }


def to_svg(spec: Spec) -> str:
    """The figure as one SVG document."""
    import vl_convert

    svg: str = vl_convert.vegalite_to_svg(spec)
    return svg


def write_figures(folder: Path, figures: Mapping[str, Spec]) -> list[Path]:
    """Write each figure as `<name>.svg` into the folder; the paths, in order."""
    paths = []
    for name, spec in figures.items():
        path = folder / f"{name}.svg"
        write_text(path, to_svg(spec))
        paths.append(path)
    return paths


def loss_curves(history: Sequence[Mapping[str, float]]) -> Spec:
    """Training and validation loss by epoch, counted from 1."""
    rows = [
        {"epoch": int(entry["epoch"]) + 1, "loss": entry[key], "split": split}
        for entry in history
        for key, split in _LOSS_NAMES
        if key in entry and np.isfinite(entry[key])
    ]
    return charts.lines(
        rows,
        title="Loss by epoch",
        x=charts.number("epoch", "epoch", minimum_step=1),
        y=charts.number("loss", "loss"),
        color=charts.category("split", "", [split for _, split in _LOSS_NAMES]),
    )


def confusion_heatmap(matrix: NDArray[np.int64], classes: Sequence[str], split: str) -> Spec:
    """Counts by true and predicted class; where there are many, those most often mistaken."""
    shown = _most_mistaken(matrix)
    rows = [
        {
            "actual": classes[row],
            "predicted": classes[column],
            "rows": int(matrix[row, column]),
            "share": float(matrix[row, column] / max(matrix[row].sum(), 1)),
        }
        for row in shown
        for column in shown
    ]
    rows_together = counted(int(matrix.sum()), "row")
    right = f"{int(matrix.trace()):,} of {rows_together} on the diagonal (right)"
    more = f"; the {len(shown)} of {len(classes)} classes most often mistaken"
    return charts.heatmap(
        rows,
        title=f"Confusion matrix, {split} split",
        subtitle=right + (more if len(shown) < len(classes) else ""),
        order=[classes[index] for index in shown],
    )


def _most_mistaken(matrix: NDArray[np.int64]) -> list[int]:
    if len(matrix) <= MOST_CLASSES:
        return list(range(len(matrix)))
    mistakes = matrix.sum(axis=0) + matrix.sum(axis=1) - 2 * matrix.diagonal()
    return sorted(np.argsort(-mistakes, kind="stable")[:MOST_CLASSES].tolist())


def predicted_vs_actual(target: Target, truth: Truth, predictions: Predictions, split: str) -> Spec:
    """A point a row; on the line, prediction and actual value agree."""
    actual, predicted, note = _points(truth, predictions)
    both = np.concatenate([actual, predicted])
    return charts.scatter(
        _rows(actual, predicted),
        title=f"Predicted against actual {target.name}, {split} split",
        subtitle=f"on the line both agree{note}",
        x=charts.number("actual", f"actual {target.name}"),
        y=charts.number("predicted", f"predicted {target.name}"),
        line=((float(both.min()), float(both.min())), (float(both.max()), float(both.max()))),
    )


def residuals(target: Target, truth: Truth, predictions: Predictions, split: str) -> Spec:
    """Predicted minus actual value against the predicted one: zero is right."""
    actual, predicted, note = _points(truth, predictions)
    return charts.scatter(
        _rows(predicted - actual, predicted, first="residual"),
        title=f"Residuals of {target.name}, {split} split",
        subtitle=f"above the line predicted too high, below it too low{note}",
        x=charts.number("predicted", f"predicted {target.name}"),
        y=charts.number("residual", "predicted minus actual"),
        line=((float(predicted.min()), 0.0), (float(predicted.max()), 0.0)),
    )


def _points(
    truth: Truth, predictions: Predictions
) -> tuple[NDArray[np.float64], NDArray[np.float64], str]:
    """Actual and predicted values, thinned evenly where there are too many, and a note on it."""
    chosen = np.unique(np.linspace(0, len(truth) - 1, MOST_POINTS).astype(np.int64))
    note = f"; {len(chosen)} of {len(truth)} rows shown" if len(chosen) < len(truth) else ""
    actual = np.asarray(truth, dtype=np.float64)[chosen]
    return actual, np.asarray(predictions.values, dtype=np.float64)[chosen], note


def _rows(
    values: NDArray[np.float64], predicted: NDArray[np.float64], first: str = "actual"
) -> list[dict[str, object]]:
    return [
        {first: value, "predicted": answer}
        for value, answer in zip(values.tolist(), predicted.tolist(), strict=True)
    ]
