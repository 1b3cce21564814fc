"""How any net is trained: loss, metrics, optimizer and scheduler, as a Lightning module."""

from collections.abc import Callable, Iterable
from typing import Any

import lightning.pytorch as pl
import torch
from torch import Tensor, nn

from {{ cookiecutter.package_name }}.schemas.dataset import Task

Batch = tuple[Tensor, Tensor]
"""Encoded rows (B, inputs) float32, and targets (B,): int64 classes or float32 values."""

OptimizerBuilder = Callable[[Iterable[nn.Parameter]], torch.optim.Optimizer]
SchedulerBuilder = Callable[[torch.optim.Optimizer], torch.optim.lr_scheduler.LRScheduler]


class Module(pl.LightningModule):
    """A net with its task. Metrics an epoch: train/loss, val/loss, and a metric of the task's.

    That is val/accuracy or val/standardised_rmse: regression targets arrive standardised, so it
    and the losses are in standard deviations of the training targets, not in the target's unit.
    """

    def __init__(
        self,
        net: nn.Module,
        task: Task,
        optimizer: OptimizerBuilder,
        scheduler: SchedulerBuilder | None,
    ) -> None:
        super().__init__()
        self.net = net
        self._task = task
        self._optimizer = optimizer
        self._scheduler = scheduler
        self._losses: list[Tensor] = []
        self._squares: list[Tensor] = []

    def forward(self, inputs: Tensor) -> Tensor:
        """Logits (B, classes), or standardised values (B, 1)."""
        outputs: Tensor = self.net(inputs)
        return outputs

    def _loss(self, outputs: Tensor, targets: Tensor) -> Tensor:
        if self._task == "classification":
            return nn.functional.cross_entropy(outputs, targets)
        return nn.functional.mse_loss(outputs.squeeze(1), targets)

    def training_step(self, batch: Batch, batch_index: int) -> Tensor:
        """Loss of one batch. Kept for the epoch's mean: a `self.log` a step costs more than the
        step of a small net.
        """
        inputs, targets = batch
        loss = self._loss(self(inputs), targets)
        self._losses.append(loss.detach())
        return loss

    def on_validation_epoch_end(self) -> None:
        """Log the error over all rows, and the mean training loss of the epoch that this closes.

        The latter here, not in `on_train_epoch_end`: callbacks read the epoch's metrics before
        that.
        """
        if self._squares:
            self.log("val/standardised_rmse", torch.cat(self._squares).mean().sqrt())
            self._squares.clear()
        if self._losses:
            self.log("train/loss", torch.stack(self._losses).mean())
            self._losses.clear()

    def validation_step(self, batch: Batch, batch_index: int) -> None:
        """Log loss and the task's metric, averaged over rows."""
        inputs, targets = batch
        outputs = self(inputs)
        rows = len(targets)
        loss = self._loss(outputs, targets)
        self.log("val/loss", loss, batch_size=rows)
        if self._task == "classification":
            hits = (outputs.argmax(dim=1) == targets).float().mean()
            self.log("val/accuracy", hits, batch_size=rows)
        else:
            self._squares.append((outputs.squeeze(1) - targets).square())

    def configure_optimizers(self) -> Any:
        """What the configuration chose; the scheduler steps once an epoch."""
        optimizer = self._optimizer(self.parameters())
        if self._scheduler is None:
            return optimizer
        return {"optimizer": optimizer, "lr_scheduler": self._scheduler(optimizer)}
