"""What happens beside the steps: repeatable randomness, history, and progress for people."""

import sys
from typing import Any

import lightning.pytorch as pl
import torch
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Column

from {{ cookiecutter.package_name }}.training.fitting import Epoch, EpochListener


class SeedEachEpoch(pl.Callback):
    """Seeds the global generator at each epoch, so that dropout is the same after a resume."""

    def __init__(self, seed: int) -> None:
        self._seed = seed

    def on_train_epoch_start(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        torch.manual_seed(self._seed * 1_000_003 + trainer.current_epoch)


class History(pl.Callback):
    """Every epoch's metrics, kept in the checkpoint; `listener` is told each as it ends."""

    def __init__(self, listener: EpochListener) -> None:
        self.epochs: list[Epoch] = []
        self._listener = listener

    def on_train_epoch_end(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        metrics = {name: float(value) for name, value in trainer.callback_metrics.items()}
        self.epochs.append({"epoch": float(trainer.current_epoch), **metrics})
        self._listener(metrics, trainer.current_epoch)

    def state_dict(self) -> dict[str, Any]:
        return {"epochs": self.epochs}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        self.epochs = list(state_dict["epochs"])
        for epoch in self.epochs:
            told = {name: value for name, value in epoch.items() if name != "epoch"}
            self._listener(told, int(epoch["epoch"]))


class ProgressLine(pl.Callback):
    """A bar over all steps with the latest metrics; a line an epoch where nobody watches."""

    def __init__(self) -> None:
        self._progress: Progress | None = None

    def on_train_start(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        if not sys.stderr.isatty():
            return
        self._progress = Progress(
            TextColumn("{task.percentage:>3.0f}%"),
            BarColumn(bar_width=12),
            TimeRemainingColumn(compact=True),
            # Last, because a narrow terminal cuts what does not fit.
            TextColumn(
                "{task.description}", table_column=Column(no_wrap=True, overflow="ellipsis")
            ),
            console=Console(stderr=True),
        )
        total = int(trainer.estimated_stepping_batches)
        self._progress.start()
        self._progress.add_task("fitting", total=total, completed=trainer.global_step)

    def on_train_batch_end(self, trainer: pl.Trainer, *args: Any, **kwargs: Any) -> None:
        if self._progress:
            self._progress.update(self._progress.task_ids[0], completed=trainer.global_step)

    def on_train_epoch_end(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        metrics = "  ".join(f"{k} {float(v):.4f}" for k, v in trainer.callback_metrics.items())
        line = f"epoch {trainer.current_epoch + 1}/{trainer.max_epochs}  {metrics}"
        if self._progress:
            self._progress.update(self._progress.task_ids[0], description=line)
        else:
            print(line, file=sys.stderr, flush=True)

    def on_train_end(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        self._stop()

    def on_exception(
        self, trainer: pl.Trainer, pl_module: pl.LightningModule, exception: BaseException
    ) -> None:
        self._stop()

    def _stop(self) -> None:
        if self._progress:
            self._progress.stop()
            self._progress = None
