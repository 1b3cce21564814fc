import math

import numpy as np
import pytest

from {{ cookiecutter.package_name }}.data.features import Features
from {{ cookiecutter.package_name }}.evaluation.evaluate import EvaluationResult
from {{ cookiecutter.package_name }}.evaluation.gate import class_rules, decide, slice_rules
from {{ cookiecutter.package_name }}.evaluation.gate_file import Floors
from {{ cookiecutter.package_name }}.evaluation.metrics import score
from {{ cookiecutter.package_name }}.schemas.dataset import Column, DataSchema, Target
from {{ cookiecutter.package_name }}.schemas.errors import ConfigError
from {{ cookiecutter.package_name }}.schemas.model import Predictions

SCHEMA = DataSchema(
    columns=(
        Column(name="age", kind="number"),
        Column(name="city", kind="category", categories=("Bergen", "Oslo")),
    ),
    target=Target(name="pet", task="classification", classes=("cat", "dog", "fish")),
)


def result(truth, answers) -> EvaluationResult:
    classes = np.array(SCHEMA.target.classes, dtype=object)
    probabilities = np.full((len(truth), 3), 0.1, dtype=np.float32)
    probabilities[np.arange(len(truth)), answers] = 0.8
    given = Predictions(classes[answers], probabilities)
    actual = np.array(truth)
    return EvaluationResult("test", "d", actual, given, score(SCHEMA.target, actual, given))


def test_every_rule_must_hold():
    decision = decide({"accuracy": 0.95, "macro_f1": 0.90}, {"accuracy": 0.95, "macro_f1": 0.93})

    assert not decision.passed
    assert [rule.passed for rule in decision.rules] == [True, False]
    assert [str(rule) for rule in decision.broken] == ["macro_f1 0.9000 is not >= 0.93"]


@pytest.mark.parametrize(("rmse", "passed"), [(9.0, True), (11.0, False)])
def test_where_less_is_better_the_limit_is_a_ceiling(rmse, passed):
    assert decide({"rmse": rmse}, {"rmse": 10.0}).passed is passed


@pytest.mark.parametrize("metric", ["accuracy", "log_loss"])
def test_what_is_no_number_never_passes(metric):
    assert not decide({metric: math.nan}, {metric: 0.5}).passed


def test_each_class_that_has_enough_rows_must_reach_its_limit():
    measured = result([0, 0, 1, 1, 2], [0, 0, 0, 1, 0])
    floors = Floors(each_class={"recall": 0.6, "precision": 0.6}, class_rows=2)

    decision = class_rules(SCHEMA, measured, floors)

    assert decision.left_out == ("class fish not measured: 1 row, fewer than 2",)
    assert [(rule.metric, rule.value, rule.passed) for rule in decision.rules] == [
        ("recall of class cat", 1.0, True),
        ("precision of class cat", 0.5, False),
        ("recall of class dog", 0.5, False),
        ("precision of class dog", 1.0, True),
    ]


def test_each_slice_that_is_large_enough_must_reach_its_limit():
    cities = ["Bergen"] * 4 + ["Oslo"] * 4 + [""] * 2
    features = Features(
        np.zeros((10, 1), dtype=np.float32), np.array(cities, dtype=object).reshape(10, 1)
    )
    measured = result([0] * 10, [0, 0, 0, 0, 0, 0, 1, 1, 2, 2])
    floors = Floors(overall={"accuracy": 0}, slices={"city": {"accuracy": 0.9}}, slice_rows=3)

    decision = slice_rules(SCHEMA, features, measured, floors)

    assert decision.left_out == ("city=missing not measured: 2 rows, fewer than 3",)
    assert [(rule.metric, rule.value, rule.passed) for rule in decision.rules] == [
        ("accuracy where city=Bergen", 1.0, True),
        ("accuracy where city=Oslo", 0.5, False),
    ]


def test_many_slices_that_are_too_small_are_counted():
    cities = ["Oslo"] * 30 + [f"village {number}" for number in range(12)]
    features = Features(
        np.zeros((42, 1), dtype=np.float32), np.array(cities, dtype=object).reshape(42, 1)
    )
    floors = Floors(slices={"city": {"accuracy": 0.9}})

    decision = slice_rules(SCHEMA, features, result([0] * 42, [0] * 42), floors)

    told = "12 values of city not measured: 12 rows together, fewer than 30 each"
    assert decision.left_out == (told,)


def test_limits_of_classes_that_would_measure_nothing_are_refused():
    floors = Floors(each_class={"recall": 0.6})

    with pytest.raises(ConfigError, match="each_class, but no class has 10 test rows or more"):
        class_rules(SCHEMA, result([0] * 9, [0] * 9), floors)


def test_limits_of_slices_that_would_measure_nothing_are_refused():
    features = Features(
        np.zeros((2, 1), dtype=np.float32), np.array([["Oslo"], ["Bergen"]], dtype=object)
    )
    floors = Floors(slices={"city": {"accuracy": 0.9}})

    with pytest.raises(ConfigError, match="no value of 'city' has 30 test rows or more"):
        slice_rules(SCHEMA, features, result([0, 0], [0, 0]), floors)


def test_slices_of_what_is_no_category_are_refused():
    features = Features(np.zeros((1, 1), dtype=np.float32), np.array([["Oslo"]], dtype=object))
    floors = Floors(overall={"accuracy": 0}, slices={"age": {"accuracy": 0.9}})

    with pytest.raises(ConfigError, match="slices of 'age', which is no column of categories"):
        slice_rules(SCHEMA, features, result([0], [0]), floors)
