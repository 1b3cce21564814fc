import time

import numpy as np
import pytest

from {{ cookiecutter.package_name }}.evaluation import comparison
from {{ cookiecutter.package_name }}.evaluation.comparison import MOST_GROUPS, compare
from {{ cookiecutter.package_name }}.evaluation.gate_file import PAIRED, Comparison
from {{ cookiecutter.package_name }}.evaluation.metrics import LESS_IS_BETTER, score
from {{ cookiecutter.package_name }}.evaluation.row_losses import row_losses, to_cost
from {{ cookiecutter.package_name }}.schemas.dataset import Target
from {{ cookiecutter.package_name }}.schemas.model import Predictions

PETS = Target(name="pet", task="classification", classes=("cat", "dog"))
PRICE = Target(name="price", task="regression")


def answers(truth, right, seed):
    """Answers to two classes of which this share is right, with their probabilities."""
    draws = np.random.default_rng(seed)
    labels = np.where(draws.random(len(truth)) < right, truth, 1 - truth)
    probabilities = np.full((len(truth), 2), 0.1, dtype=np.float32)
    probabilities[np.arange(len(truth)), labels] = 0.9
    return Predictions(np.array(PETS.classes, dtype=object)[labels], probabilities)


def verdicts(rows, new, old, **how):
    truth = np.arange(rows) % 2
    given = Comparison(classification="accuracy", **how)
    rules = compare(PETS, truth, answers(truth, new, 1), answers(truth, old, 2), given)
    return [rule.passed for rule in rules], [rule.value for rule in rules]


def test_a_clearly_better_version_passes_both_rules():
    passed, (gain, low) = verdicts(500, 0.95, 0.80)

    assert passed == [True, True]
    assert 0 < low < gain


def test_a_worse_version_is_refused_by_what_was_measured():
    passed, (gain, _) = verdicts(2000, 0.80, 0.95)

    assert passed == [False, False]
    assert gain < -0.1


def test_on_few_rows_a_version_that_looks_as_good_is_refused_as_noise():
    passed, (gain, low) = verdicts(40, 0.85, 0.85, margin=0.2)

    assert passed == [True, False]
    assert low < -0.05 < gain + 0.2


def test_the_same_answers_are_no_worse_whatever_the_split():
    truth = np.arange(20) % 2
    same = answers(truth, 0.7, 1)

    rules = compare(PETS, truth, same, same, Comparison(margin=0, worst_case=0))

    assert [(rule.value, rule.passed) for rule in rules] == [(0, True), (0, True)]


def test_the_interval_covers_the_truth_as_often_as_it_says():
    truth, how = np.arange(300) % 2, Comparison(classification="accuracy", resamples=400)
    lows = [
        compare(PETS, truth, answers(truth, 0.9, 2 * n), answers(truth, 0.85, 2 * n + 1), how)[1]
        for n in range(200)
    ]

    covered = np.mean([low.value <= 0.05 for low in lows])

    assert 0.89 <= covered <= 0.99


@pytest.mark.parametrize(("target", "metric"), [(PETS, m) for m in PAIRED["classification"]])
def test_means_of_rows_are_the_metric_for_classes(target, metric):
    truth = np.arange(50) % 2
    given = answers(truth, 0.8, 3)

    check(target, metric, truth, given)


@pytest.mark.parametrize("metric", PAIRED["regression"])
def test_means_of_rows_are_the_metric_for_numbers(metric):
    draws = np.random.default_rng(1)
    truth = draws.normal(10, 3, 50).astype(np.float32)

    check(PRICE, metric, truth, Predictions(truth + draws.normal(0, 1, 50).astype(np.float32)))


def check(target, metric, truth, given):
    cost = to_cost(metric, target, truth, row_losses(metric, target, truth, given).mean(axis=0))
    value = score(target, truth, given)[metric]

    wanted = value if metric in LESS_IS_BETTER else 1 - value
    assert float(cost) == pytest.approx(wanted, rel=1e-5)


@pytest.mark.parametrize("rows", [9, 2 * MOST_GROUPS, 2 * MOST_GROUPS + 1, 3 * MOST_GROUPS - 1])
def test_every_row_counts_once_however_many_there_are(rows):
    pairs = np.random.default_rng(1).normal(size=(2, rows))

    sums, sizes = comparison._grouped(pairs)

    assert sizes.sum() == rows
    assert len(sizes) <= 2 * MOST_GROUPS
    assert np.allclose(sums.sum(axis=1) / sizes.sum(), pairs.mean(axis=1), rtol=0, atol=1e-12)


def test_a_margin_of_nothing_is_told_as_zero():
    truth = np.arange(20) % 2
    same = answers(truth, 0.7, 1)
    how = Comparison(classification="log_loss", margin=0, worst_case=0)

    rules = compare(PETS, truth, same, same, how)

    assert [(rule.measured, f"{rule.limit:g}") for rule in rules] == [("0.0000", "0")] * 2


def test_the_same_rows_give_the_same_numbers():
    assert verdicts(300, 0.9, 0.9) == verdicts(300, 0.9, 0.9)


def test_many_rows_cost_no_more_than_some_and_give_a_narrower_interval():
    small = verdicts(MOST_GROUPS, 0.9, 0.9)[1]
    began = time.process_time()
    large = verdicts(MOST_GROUPS * 40, 0.9, 0.9)[1]

    assert time.process_time() - began < 3
    assert abs(large[1] - large[0]) < abs(small[1] - small[0]) / 3
