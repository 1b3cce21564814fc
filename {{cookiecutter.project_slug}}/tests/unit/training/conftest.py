"""Small fits, repeatable on any machine."""

import signal
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import lightning.pytorch as pl
import numpy as np
import pytest
import torch

from {{ cookiecutter.package_name }}.data.features import Features
from {{ cookiecutter.package_name }}.models.mlp import MLP
from {{ cookiecutter.package_name }}.schemas.dataset import Column, DataSchema, Target
from {{ cookiecutter.package_name }}.training.fitting import FitContext
from {{ cookiecutter.package_name }}.training.lightning_fitter import LightningFitter


@pytest.fixture(autouse=True)
def _process_restored() -> Iterator[None]:
    """Puts back what a fit sets for its whole process; Lightning ignores Ctrl-C after one."""
    threads, handler = torch.get_num_threads(), signal.getsignal(signal.SIGINT)
    yield
    torch.use_deterministic_algorithms(mode=False)
    torch.set_num_threads(threads)
    signal.signal(signal.SIGINT, handler)


@pytest.fixture
def context(tmp_path: Path) -> Callable[..., FitContext]:
    """Makes the context of a fit in a folder of its own; `callbacks` come before the fitter's."""

    def make(
        name: str = "run", epochs: int = 2, callbacks: tuple[pl.Callback, ...] = (), **changes
    ) -> FitContext:
        fast_dev_run = changes.get("fast_dev_run", False)

        def trainer(**extra) -> pl.Trainer:
            extra["callbacks"] = [*callbacks, *extra["callbacks"]]
            return pl.Trainer(
                max_epochs=epochs,
                accelerator=changes.get("accelerator", "cpu"),
                devices=changes.get("devices", 1),
                precision=changes.get("precision", "32-true"),
                deterministic=True,
                fast_dev_run=fast_dev_run,
                num_sanity_val_steps=0,
                enable_model_summary=False,
                **extra,
            )

        folder = tmp_path / name
        folder.mkdir(exist_ok=True)
        values = {
            "folder": folder,
            "seed": 7,
            "fast_dev_run": False,
            "resume_from": None,
            "trainer": trainer,
            "on_epoch": lambda metrics, epoch: None,
        }
        known = {name: value for name, value in changes.items() if name in values}
        return FitContext(**values | known)

    return make


@pytest.fixture
def mlp_fitter() -> Callable[..., LightningFitter]:
    """Makes a fitter of a small net with dropout and a scheduler."""

    def make(**changes) -> LightningFitter:
        cosine = partial(torch.optim.lr_scheduler.CosineAnnealingLR, T_max=5)
        values = {
            "name": "mlp",
            "net": partial(MLP, hidden=[8], dropout=0.3),
            "optimizer": partial(torch.optim.AdamW, lr=0.02),
            "scheduler": cosine,
            "batch_size": 16,
            "threads": 1,
        }
        return LightningFitter(**values | changes)

    return make


COLUMNS = {
    "mixed": ("number", "category", "number", "category"),
    "numbers": ("number", "number"),
    "categories": ("category", "category"),
}


@pytest.fixture(params=COLUMNS)
def columns(request) -> tuple[Column, ...]:
    """Columns of both kinds, of numbers alone, and of categories alone."""
    return tuple(
        Column(name=f"{kind} {index}", kind=kind)
        if kind == "number"
        else Column(name=f"{kind} {index}", kind=kind, categories=("", "x", "ÿ")[: 2 + index % 2])
        for index, kind in enumerate(COLUMNS[request.param])
    )


@pytest.fixture(params=["classification", "regression"])
def schema(request, columns) -> DataSchema:
    """Each kind of columns with each task."""
    classes = ("maybe", "no", "ÿes") if request.param == "classification" else ()
    return DataSchema(columns=columns, target=Target(name="t", task=request.param, classes=classes))


@pytest.fixture
def rows_of() -> Callable[[DataSchema, int], Features]:
    """Makes rows with missing numbers, missing categories and categories never seen."""

    def make(schema: DataSchema, rows: int) -> Features:
        draws = np.random.default_rng(rows)
        numeric = draws.normal(50, 20, (rows, len(schema.numbers))).astype(np.float32)
        numeric[draws.random(numeric.shape) < 0.3] = np.nan
        names = np.array(["", "x", "ÿ", "never seen"], dtype=object)
        return Features(numeric, draws.choice(names, (rows, len(schema.categories))))

    return make
