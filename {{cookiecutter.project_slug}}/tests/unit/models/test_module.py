from functools import partial

import lightning.pytorch as pl
import pytest
import torch
from torch.utils.data import DataLoader

from {{ cookiecutter.package_name }}.models.module import Module

pytestmark = [
    # The batches of a test lie in memory.
    pytest.mark.filterwarnings("ignore:.*does not have many workers"),
    # A validation of a few rows needs no GPU where there is one.
    pytest.mark.filterwarnings("ignore:.*GPU available but not used"),
    # Lightning 2.6 on PyTorch 2.13; nothing of ours to change.
    pytest.mark.filterwarnings("ignore:.*LeafSpec.*is deprecated"),
]

SGD = partial(torch.optim.SGD, lr=0.1)


def validated(module, *batches):
    """The metrics of a validation over these batches."""
    trainer = pl.Trainer(
        accelerator="cpu",
        logger=False,
        enable_progress_bar=False,
        enable_checkpointing=False,
        enable_model_summary=False,
    )
    (metrics,) = trainer.validate(module, DataLoader(batches, batch_size=None), verbose=False)
    return metrics


def rows(*outputs):
    return torch.tensor(outputs, dtype=torch.float32)


def test_a_classification_is_scored_by_rows_whatever_the_batches():
    module = Module(torch.nn.Identity(), "classification", SGD, None)
    first = (rows([9, 0], [9, 0], [0, 9]), torch.tensor([0, 0, 0]))
    second = (rows([0, 9]), torch.tensor([1]))

    metrics = validated(module, first, second)

    assert metrics["val/accuracy"] == pytest.approx(0.75)
    assert metrics["val/loss"] == pytest.approx(9 / 4, abs=1e-3)


def test_a_regression_is_scored_by_rows_whatever_the_batches():
    module = Module(torch.nn.Identity(), "regression", SGD, None)
    first = (rows([0], [0], [0]), torch.tensor([0.0, 0.0, 0.0]))
    second = (rows([6], [0]), torch.tensor([0.0, 0.0]))

    metrics = validated(module, first, second)

    assert metrics["val/loss"] == pytest.approx(36 / 5)
    assert metrics["val/standardised_rmse"] == pytest.approx((36 / 5) ** 0.5)


def test_a_step_answers_the_loss_of_its_batch():
    module = Module(torch.nn.Identity(), "regression", SGD, None)

    loss = module.training_step((rows([1], [3]), torch.tensor([0.0, 0.0])), 0)

    assert float(loss) == pytest.approx(5)


def test_a_scheduler_is_built_over_the_optimizer():
    halved = partial(torch.optim.lr_scheduler.StepLR, step_size=1, gamma=0.5)

    chosen = Module(torch.nn.Linear(1, 1), "regression", SGD, halved).configure_optimizers()

    assert chosen["lr_scheduler"].optimizer is chosen["optimizer"]


def test_without_a_scheduler_the_rate_stays():
    module = Module(torch.nn.Linear(1, 1), "regression", SGD, None)

    assert isinstance(module.configure_optimizers(), torch.optim.SGD)
