"""What is counted of a model: its classes, and what training never saw."""

from datetime import UTC, datetime

import numpy as np
import pytest
from prometheus_client import CollectorRegistry, generate_latest

from {{ cookiecutter.package_name }}.data.features import Features
from {{ cookiecutter.package_name }}.inference.predictor import Predictor
from {{ cookiecutter.package_name }}.schemas.dataset import Column, DataSchema, Target
from {{ cookiecutter.package_name }}.schemas.model import ServedVersion
from {{ cookiecutter.package_name }}_api.answered import Answered, Told
from {{ cookiecutter.package_name }}_api.models.loading import Served
from {{ cookiecutter.package_name }}_api.observing import model_metrics
from {{ cookiecutter.package_name }}_api.observing.model_metrics import ModelMetrics

CITIES = [["Oslo"], ["Rome"], [""], ["Bergen"], ["Rome"]]


@pytest.fixture
def registry():
    return CollectorRegistry()


@pytest.fixture
def serving(fake_runtime, describe_model):
    """Makes a model of these columns and this target that answers."""

    def serving(columns, target, version="1"):
        info = describe_model(DataSchema(columns=tuple(columns), target=target))
        predictor = Predictor(fake_runtime, info)
        return Served(predictor, ServedVersion(name="m", version=version), datetime.now(UTC))

    return serving


def answered(served, numeric, categorical=None):
    numbers = np.array(numeric, np.float32)
    texts = np.empty((len(numbers), 0), object)
    if categorical is not None:
        texts = np.array(categorical, object)
    features = Features(numbers, texts)
    requests = [Told("id", len(features), 0.001)]
    return Answered(served, features, served.predictor.predict(features), requests, 0.0)


def counted(registry, name):
    """The samples of this name that are not zero, by the value of their one label."""
    lines = generate_latest(registry).decode().splitlines()
    samples = [line.rpartition(" ") for line in lines if line.startswith(name + "{")]
    return {label.split('"')[1]: float(value) for label, _, value in samples if float(value)}


def test_classes_and_what_training_never_saw_are_counted(registry, served):
    metrics = ModelMetrics(registry, shared=False)
    metrics.show(served)

    metrics(answered(served, [[18, 0.5], [90, 9], [17, 9.5], [np.nan, np.nan], [91, 1]], CITIES))
    metrics(answered(served, [[60, 1]], [["Oslo"]]))
    metrics.flush()

    assert counted(registry, "predictions_total") == {"no": 3, "yes": 3}
    assert counted(registry, "input_out_of_range_total") == {"age": 2, "income": 1}
    assert counted(registry, "input_unseen_category_total") == {"city": 2}
    assert registry.get_sample_value("predicted_rows_total") == 6
    assert registry.get_sample_value("request_rows_count") == 2
    assert registry.get_sample_value("request_rows_bucket", {"le": "1.0"}) == 1
    assert registry.get_sample_value("predicted_value_count") is None


def test_what_training_saw_is_inside_although_it_was_rounded(registry, serving):
    column = Column(name="x", kind="number", minimum=0.1, maximum=1 / 3)
    served = serving([column], Target(name="y", task="regression"))
    metrics = ModelMetrics(registry, shared=False)
    metrics.show(served)

    metrics(answered(served, [[0.1], [1 / 3], [0.09999], [0.33334]]))
    metrics.flush()

    assert counted(registry, "input_out_of_range_total") == {"x": 2}


def test_the_values_of_a_regression_fill_a_histogram(registry, serving):
    served = serving([Column(name="x", kind="number")], Target(name="y", task="regression"))
    metrics = ModelMetrics(registry, shared=False)
    metrics.show(served)

    metrics(answered(served, [[-3], [0], [2.5], [1e30]]))
    metrics.flush()

    def up_to(bound):
        return registry.get_sample_value("predicted_value_bucket", {"le": bound})

    assert [up_to(bound) for bound in ("-10.0", "-5.0", "0.0", "5.0", "+Inf")] == [0, 1, 2, 3, 4]
    assert counted(registry, "input_out_of_range_total") == {}


def test_every_class_and_column_is_there_from_the_start(registry, served):
    ModelMetrics(registry, shared=False).show(served)

    for label, name in [("class", "predictions"), ("column", "input_out_of_range")]:
        values = {"class": ("no", "yes"), "column": ("age", "income")}[label]
        found = [registry.get_sample_value(f"{name}_total", {label: value}) for value in values]
        assert found == [0, 0]


def test_many_classes_and_columns_share_what_is_left(registry, serving):
    columns = [Column(name=f"c{i}", kind="number", minimum=0, maximum=1) for i in range(70)]
    classes = tuple(f"k{i:02}" for i in range(60))
    served = serving(columns, Target(name="y", task="classification", classes=classes))
    metrics = ModelMetrics(registry, shared=False)
    metrics.show(served)
    watched = metrics._watched

    watched.count_classes(["k00", "k49", "k50", "k59", "k59"])
    watched.count_numbers(np.full((2, 70), 5, np.float32))

    assert counted(registry, "predictions_total") == {"k00": 1, "k49": 1, "other": 3}
    outside = counted(registry, "input_out_of_range_total")
    assert (len(outside), outside["other"], outside["c49"]) == (51, 40, 2)


@pytest.mark.parametrize(("shared", "kept"), [(False, {"b": 1, "c": 1}), (True, None)])
def test_another_versions_classes_replace_those_that_went(registry, serving, shared, kept):
    numbers = [Column(name="x", kind="number")]
    metrics = ModelMetrics(registry, shared=shared)
    former, later = (
        serving(numbers, Target(name="y", task="classification", classes=classes))
        for classes in (("a", "b"), ("b", "c"))
    )
    metrics.show(former)
    metrics(answered(former, [[0], [99]]))

    metrics.show(later)  # what came before it is counted first
    metrics(answered(later, [[0], [99]]))
    metrics(answered(former, [[0]]))  # began before the swap: only its row counts
    metrics.flush()

    assert counted(registry, "predictions_total") == (kept or {"a": 1, "b": 2, "c": 1})
    assert registry.get_sample_value("predicted_rows_total") == 5


@pytest.mark.parametrize("shared", [False, True])
def test_swaps_without_end_make_no_series_without_end(registry, serving, shared):
    metrics = ModelMetrics(registry, shared=shared)
    for number in range(100):
        classes = (f"a{number}", f"b{number}")
        target = Target(name="y", task="classification", classes=classes)
        metrics.show(serving([Column(name=f"x{number}", kind="number")], target))

    lines = generate_latest(registry).decode().splitlines()
    series = [line for line in lines if line.startswith("predictions_total{")]
    assert len(series) == (51 if shared else 2)


def test_what_is_kept_to_be_counted_is_bounded(registry, served, monkeypatch):
    monkeypatch.setattr(model_metrics, "_MOST_ROWS", 10)
    metrics = ModelMetrics(registry, shared=False)
    metrics.show(served)

    for _ in range(25):
        metrics(answered(served, [[60, 1]], [["Oslo"]]))

    assert len(metrics._pending) == 5
    assert counted(registry, "predictions_total") == {"yes": 20}
