from functools import partial

import lightning.pytorch as pl
import numpy as np
import onnx
import pytest
import torch
from fits import InterruptAt, made_data, weights_of

from {{ cookiecutter.package_name }}.inference.runtime import OnnxRuntime
from {{ cookiecutter.package_name }}.models.cnn import CNN
from {{ cookiecutter.package_name }}.schemas.errors import ConfigError
from {{ cookiecutter.package_name }}.training.fitting import INPUT, OUTPUT
from {{ cookiecutter.package_name }}.training.runs import last_checkpoint


class SpoilAt(pl.Callback):
    """Ruins the net when an epoch starts."""

    def __init__(self, epoch):
        self._epoch = epoch

    def on_train_epoch_start(self, trainer, pl_module):
        if trainer.current_epoch == self._epoch:
            for weights in pl_module.net.parameters():
                weights.data.mul_(-30)


@pytest.fixture
def data():
    return made_data()


def test_two_fits_with_one_seed_give_the_same_weights(data, context, mlp_fitter):
    first = mlp_fitter().fit(data, context("first"))
    torch.rand(3)
    second = mlp_fitter().fit(data, context("second"))

    assert weights_of(first) == weights_of(second)
    assert first.history == second.history


def test_another_seed_gives_other_weights(data, context, mlp_fitter):
    first = mlp_fitter().fit(data, context("first"))
    second = mlp_fitter().fit(data, context("second", seed=8))

    assert weights_of(first) != weights_of(second)


@pytest.mark.parametrize(
    ("hook", "count"),
    [("on_train_epoch_start", 1), ("on_train_batch_end", 3), ("on_validation_start", 1)],
)
def test_an_interrupted_fit_ends_where_the_uninterrupted_one_does(
    data, context, mlp_fitter, hook, count
):
    whole = mlp_fitter().fit(data, context("whole", epochs=5))
    stopped = context("stopped", epochs=5, callbacks=(InterruptAt(2, hook, count),))
    with pytest.raises(KeyboardInterrupt):
        mlp_fitter().fit(data, stopped)
    last, told = last_checkpoint(stopped.folder), []
    assert torch.load(last, weights_only=True)["epoch"] == 1
    torch.rand(3)

    going_on = context(
        "stopped", epochs=5, resume_from=last, on_epoch=lambda metrics, epoch: told.append(epoch)
    )
    resumed = mlp_fitter().fit(data, going_on)

    assert weights_of(resumed) == weights_of(whole)
    assert resumed.history == whole.history
    assert told == [0, 1, 2, 3, 4]
    final = [torch.load(last_checkpoint(c.folder), weights_only=True) for c in (going_on, stopped)]
    assert final[0]["epoch"] == final[1]["epoch"] == 4


def test_a_fit_that_was_stopped_after_its_last_epoch_is_only_exported(data, context, mlp_fitter):
    whole = mlp_fitter().fit(data, context("run"))

    again = mlp_fitter().fit(
        data, context("run", resume_from=last_checkpoint(context("run").folder))
    )

    assert weights_of(again) == weights_of(whole)
    assert again.history == whole.history


def test_the_best_epoch_is_exported_not_the_last(data, context, mlp_fitter):
    spoiled = context(epochs=4, callbacks=(SpoilAt(3),))

    fitted = mlp_fitter().fit(data, spoiled)

    losses = [epoch["val/loss"] for epoch in fitted.history]
    scores = fitted.reference(data.val.inputs)
    loss = -np.log(scores[np.arange(30), data.val.targets]).mean()
    assert min(losses) < losses[-1]
    assert loss == pytest.approx(min(losses), rel=1e-5)
    assert fitted.checkpoint.name == "best.ckpt"


@pytest.mark.parametrize("task", ["classification", "regression"])
def test_the_core_answers_as_the_net_does_for_any_number_of_rows(
    task, context, mlp_fitter, tmp_path
):
    data = made_data(task)

    fitted = mlp_fitter().fit(data, context())

    onnx.save_model(fitted.core, tmp_path / "core.onnx")
    runtime = OnnxRuntime(tmp_path / "core.onnx")
    for rows in (1, 7, 30):
        inputs = data.val.inputs[:rows]
        (scores,) = runtime.run([OUTPUT], {INPUT: inputs})
        np.testing.assert_allclose(scores, fitted.reference(inputs), atol=1e-6)
        assert scores.shape == (rows, data.outputs)


def test_history_names_the_metrics_of_every_epoch(context, mlp_fitter):
    fitted = mlp_fitter().fit(made_data("regression"), context(epochs=3))

    assert [epoch["epoch"] for epoch in fitted.history] == [0, 1, 2]
    assert set(fitted.history[0]) == {"epoch", "train/loss", "val/loss", "val/standardised_rmse"}
    assert fitted.history[2]["val/loss"] < fitted.history[0]["val/loss"]


def test_the_scheduler_steps_once_an_epoch(data, context, mlp_fitter):
    halved = partial(torch.optim.lr_scheduler.StepLR, step_size=1, gamma=0.5)
    run = context(epochs=3)

    mlp_fitter(scheduler=halved).fit(data, run)

    (state,) = torch.load(last_checkpoint(run.folder), weights_only=True)["lr_schedulers"]
    assert state["last_epoch"] == 3


def test_a_fast_dev_run_takes_one_batch_and_keeps_no_checkpoint(data, context, mlp_fitter):
    run = context(epochs=50, fast_dev_run=True)

    fitted = mlp_fitter().fit(data, run)

    assert len(fitted.history) == 1
    assert fitted.checkpoint is None
    assert not list(run.folder.glob("**/*.ckpt"))
    assert fitted.reference(data.val.inputs).shape == (30, 3)


def test_a_convolutional_net_learns_images(context, mlp_fitter):
    fitter = mlp_fitter(net=partial(CNN, channels=[4], dropout=0.0))

    fitted = fitter.fit(made_data(image_shape=(1, 4, 4)), context(epochs=3))

    assert fitted.history[-1]["val/loss"] < fitted.history[0]["val/loss"]


def test_a_convolutional_net_without_images_is_one_sentence(data, context, mlp_fitter):
    fitter = mlp_fitter(net=partial(CNN, channels=[4], dropout=0.0))

    with pytest.raises(ConfigError, match="has no image shape"):
        fitter.fit(data, context())


@pytest.mark.parametrize(("threads", "wanted"), [(1, 1), (2, 2), (None, 3)])
def test_threads_are_those_of_the_configuration(data, context, mlp_fitter, threads, wanted):
    torch.set_num_threads(3)

    mlp_fitter(threads=threads).fit(data, context(fast_dev_run=True))

    assert torch.get_num_threads() == wanted
