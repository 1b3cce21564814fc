"""A version against the present `prod`, on the same rows."""

import numpy as np
from numpy.typing import NDArray

from {{ cookiecutter.package_name }}.evaluation.gate_file import Comparison
from {{ cookiecutter.package_name }}.evaluation.metrics import LESS_IS_BETTER, Truth, score
from {{ cookiecutter.package_name }}.evaluation.row_losses import row_losses, to_cost
from {{ cookiecutter.package_name }}.evaluation.rules import RuleResult, at_least
from {{ cookiecutter.package_name }}.schemas.dataset import Target
from {{ cookiecutter.package_name }}.schemas.model import Predictions

SEED = 20_011
"""The same rows give the same interval."""

MOST_GROUPS = 5_000
"""From twice as many rows on, so many groups of rows are drawn instead: the means spread alike,
and a million rows cost no more than these."""

_BLOCK = 4_000_000
"""Draws held in memory at once."""


def compare(
    target: Target, truth: Truth, candidate: Predictions, present: Predictions, how: Comparison
) -> list[RuleResult]:
    """Two rules: how much better the candidate measured, and how much at the interval's low end.

    Both are in the metric's unit, above zero where the candidate is better. A version that only
    had luck, or a test split that is too small to tell, fails the second.
    """
    metric = how.metric(target.task)
    gain = _gain(metric, target, truth, candidate, present)
    low = _low_end(metric, target, truth, candidate, present, how)
    named = f"{metric} against prod"
    return [
        at_least(named, gain, 0.0 - how.margin),  # a margin of 0 is told as 0, not as -0
        at_least(f"{named}, {how.confidence:.0%} sure", low, 0.0 - how.worst_case),
    ]


def _gain(
    metric: str, target: Target, truth: Truth, candidate: Predictions, present: Predictions
) -> float:
    difference = score(target, truth, candidate)[metric] - score(target, truth, present)[metric]
    return 0.0 - difference if metric in LESS_IS_BETTER else difference


def _low_end(
    metric: str,
    target: Target,
    truth: Truth,
    candidate: Predictions,
    present: Predictions,
    how: Comparison,
) -> float:
    """The gain that `confidence` of all resampled test splits would exceed."""
    answers = (candidate, present)
    pairs = np.stack([row_losses(metric, target, truth, given) for given in answers])
    means = _resampled_means(*_grouped(pairs), how.resamples)
    gains = to_cost(metric, target, truth, means[1]) - to_cost(metric, target, truth, means[0])
    return float(np.quantile(gains, 1 - how.confidence))


def _grouped(pairs: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.intp]]:
    """Sums over groups of rows, shape (2, groups), and how many rows each has, shape (groups,).

    Every row is in one group, chosen by chance; up to twice MOST_GROUPS each row is one.
    """
    rows = pairs.shape[1]
    if rows <= 2 * MOST_GROUPS:
        return pairs, np.ones(rows, dtype=np.intp)
    order = np.random.default_rng(SEED).permutation(rows)
    groups = np.array_split(order, MOST_GROUPS)
    sums = np.stack([pairs[:, group].sum(axis=1) for group in groups], axis=1)
    return sums, np.array([len(group) for group in groups])


def _resampled_means(
    sums: NDArray[np.float64], sizes: NDArray[np.intp], resamples: int
) -> NDArray[np.float64]:
    """Both models' means over the rows of the same drawn groups; shape (2, resamples)."""
    draws, groups = np.random.default_rng(SEED), len(sizes)
    block = max(1, _BLOCK // groups)
    means = np.empty((2, resamples))
    for start in range(0, resamples, block):
        count = min(block, resamples - start)
        drawn = draws.integers(0, groups, (count, groups))
        rows = sizes[drawn].sum(axis=1)
        for model in (0, 1):
            means[model, start : start + count] = sums[model][drawn].sum(axis=1) / rows
    return means
