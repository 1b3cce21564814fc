import numpy as np
import onnx
import pytest
from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.naive_bayes import GaussianNB
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler

from {{ cookiecutter.package_name }}.inference.runtime import OnnxRuntime
from {{ cookiecutter.package_name }}.training.fitting import INPUT, OUTPUT, EncodedData, EncodedSplit
from {{ cookiecutter.package_name }}.training.sklearn_fitter import ROWS_A_CLASS, SklearnFitter


def made_data(task, rows=200):
    draws = np.random.default_rng(0)
    inputs = draws.normal(size=(rows, 5)).astype(np.float32)
    targets = inputs[:, :3].argmax(axis=1) if task == "classification" else inputs[:, 0] * 2
    split = EncodedSplit(inputs, targets)
    return EncodedData(split, split, task, 3 if task == "classification" else 1, None)


def steps(estimator):
    return Pipeline([("scale", StandardScaler()), ("last", estimator)])


def fitter(classifier=None, regressor=None):
    return SklearnFitter(name="baseline", classifier=classifier, regressor=regressor)


@pytest.mark.parametrize(
    ("task", "estimators"),
    [
        ("classification", {"classifier": steps(LogisticRegression())}),
        ("classification", {"classifier": RandomForestClassifier(n_estimators=3)}),
        ("regression", {"regressor": steps(Ridge())}),
        ("regression", {"regressor": RandomForestRegressor(n_estimators=3)}),
    ],
)
def test_the_core_answers_as_the_estimator_does_for_any_number_of_rows(
    task, estimators, context, tmp_path
):
    data = made_data(task)

    fitted = fitter(**estimators).fit(data, context())

    onnx.save_model(fitted.core, tmp_path / "core.onnx")
    runtime = OnnxRuntime(tmp_path / "core.onnx")
    for rows in (1, 7, 64):
        inputs = data.val.inputs[:rows]
        (scores,) = runtime.run([OUTPUT], {INPUT: inputs})
        np.testing.assert_allclose(scores, fitted.reference(inputs), atol=1e-5)
        assert scores.shape == (rows, data.outputs)


def test_the_task_picks_the_estimator(context):
    both = fitter(steps(LogisticRegression()), steps(Ridge()))

    classified = both.fit(made_data("classification"), context())
    valued = both.fit(made_data("regression"), context())

    inputs = made_data("regression").val.inputs
    np.testing.assert_allclose(classified.reference(inputs).sum(axis=1), 1, rtol=1e-5)
    np.testing.assert_allclose(valued.reference(inputs)[:, 0], inputs[:, 0] * 2, atol=0.05)


def test_whatever_takes_a_random_state_gets_the_seed(context):
    inner = RandomForestClassifier(n_estimators=2)

    fitter(steps(inner)).fit(made_data("classification"), context(seed=11))

    assert inner.random_state == 11


def test_one_seed_gives_one_model_and_another_seed_another(context):
    data, inputs = made_data("classification"), np.zeros((5, 5), dtype=np.float32)

    def answers(seed):
        forest = RandomForestClassifier(n_estimators=5)
        fitted = fitter(forest).fit(data, context(seed=seed))
        return fitted.reference(data.val.inputs + inputs[0])

    np.testing.assert_array_equal(answers(1), answers(1))
    assert not np.array_equal(answers(1), answers(2))


def test_an_estimator_without_randomness_needs_no_seed(context):
    fitted = fitter(GaussianNB()).fit(made_data("classification"), context(seed=4))

    assert fitted.reference(made_data("classification").val.inputs).shape == (200, 3)


@pytest.mark.parametrize("rows", [50, 200])
def test_a_fast_dev_run_fits_few_rows(rows, context):
    data = made_data("regression", rows)
    counted = steps(Ridge())

    fitter(regressor=counted).fit(data, context(fast_dev_run=True))

    assert counted["scale"].n_samples_seen_ == min(rows, 100)


def test_a_fast_dev_run_keeps_every_class(context):
    data = made_data("classification")
    counted = steps(LogisticRegression())

    fitted = fitter(counted).fit(data, context(fast_dev_run=True))

    assert counted["scale"].n_samples_seen_ == 3 * ROWS_A_CLASS
    assert fitted.reference(data.val.inputs).shape == (200, 3)
    assert fitted.history == []
    assert fitted.checkpoint is None
