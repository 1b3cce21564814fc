"""Metrics that are means over rows: what each row adds, and the metric from the mean."""

import numpy as np
from numpy.typing import NDArray

from {{ cookiecutter.package_name }}.evaluation.metrics import Truth, class_indexes, row_log_losses
from {{ cookiecutter.package_name }}.schemas.dataset import Target
from {{ cookiecutter.package_name }}.schemas.model import Predictions

Floats = NDArray[np.float64]


def row_losses(metric: str, target: Target, truth: Truth, given: Predictions) -> Floats:
    """How wrong each row is, in the way that the metric counts; shape (N,)."""
    if metric == "accuracy":
        missed: Floats = (class_indexes(given, target.classes) != truth).astype(np.float64)
        return missed
    if target.task == "classification":
        return row_log_losses(np.asarray(truth, dtype=np.int64), given)
    errors = np.asarray(given.values, dtype=np.float64) - np.asarray(truth, dtype=np.float64)
    return np.abs(errors) if metric == "mae" else np.square(errors)


def to_cost(metric: str, target: Target, truth: Truth, means: Floats) -> Floats:
    """From means of `row_losses` to the metric, turned so that less is better.

    `skill` and `r2` are measured against what the whole split's shares, or its mean, would
    reach: that stays the same in every resample.
    """
    if metric == "rmse":
        root: Floats = np.sqrt(means)
        return root
    if metric == "skill":
        counts = np.bincount(np.asarray(truth, dtype=np.int64), minlength=len(target.classes))
        shares = counts[counts > 0] / counts.sum()
        return means / (float(-(shares * np.log(shares)).sum()) or 1.0)
    if metric == "r2":
        return means / (float(np.asarray(truth, dtype=np.float64).var()) or 1.0)
    return means
