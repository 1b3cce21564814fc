"""What every kind of model is given to fit, and what it hands back."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from onnx import ModelProto

from {{ cookiecutter.package_name }}.schemas.dataset import Task

Matrix = NDArray[np.float32]
Epoch = dict[str, float]
"""Metrics of one epoch, and its number, counted from 0, under `epoch`."""

EpochListener = Callable[[Mapping[str, float], int], None]
OPSET = 18
"""ONNX operator set of every graph: the newest that both exporters and other
servers of ONNX agree on."""

INPUT, OUTPUT = "encoded", "scores"
"""Names at the ends of a core graph: (N, width) float32 in, (N, outputs) float32 out."""


@dataclass(frozen=True)
class EncodedSplit:
    """Encoded rows (N, width), and targets (N,): int64 classes or standardised float32 values."""

    inputs: Matrix
    targets: NDArray[np.int64] | NDArray[np.float32]


@dataclass(frozen=True)
class EncodedData:
    """What a fitter sees. `outputs` is the number of classes, or 1 for regression."""

    train: EncodedSplit
    val: EncodedSplit
    task: Task
    outputs: int
    image_shape: tuple[int, int, int] | None


@dataclass(frozen=True)
class FitContext:
    """Where and how a fit runs.

    `trainer` builds Lightning's Trainer from the configuration and the keywords it is given;
    `resume_from` is a checkpoint; `on_epoch` is told each epoch's metrics.
    """

    folder: Path
    seed: int
    fast_dev_run: bool
    resume_from: Path | None
    trainer: Callable[..., Any]
    on_epoch: EpochListener


@dataclass(frozen=True)
class Fitted:
    """A fitted model.

    `core` maps `encoded` to `scores`: class probabilities (N, classes), or standardised values
    (N, 1). `reference` is the same function in the training framework, for the parity check.
    `computed_on` names the device, and the precision where there is a choice.
    """

    core: ModelProto
    reference: Callable[[Matrix], Matrix]
    history: list[Epoch] = field(default_factory=list)
    checkpoint: Path | None = None
    computed_on: str = "CPU"


class Fitter(Protocol):
    """Anything that can be fitted and ends as an ONNX graph."""

    def fit(self, data: EncodedData, context: FitContext) -> Fitted:
        """Fit on `data.train`, choose by `data.val`; writes only below `context.folder`."""
        ...
