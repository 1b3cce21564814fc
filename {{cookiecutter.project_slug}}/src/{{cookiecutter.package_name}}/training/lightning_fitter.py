"""Nets, trained by Lightning, as models of this project."""

import logging
import signal
import warnings
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import lightning.pytorch as pl
import numpy as np
import onnx
import torch
from lightning.pytorch.callbacks import Callback, ModelCheckpoint
from torch import Tensor, nn

from {{ cookiecutter.package_name }}.models.module import Module, OptimizerBuilder, SchedulerBuilder
from {{ cookiecutter.package_name }}.schemas.errors import ConfigError
from {{ cookiecutter.package_name }}.training.batches import loader
from {{ cookiecutter.package_name }}.training.callbacks import History, ProgressLine, SeedEachEpoch
from {{ cookiecutter.package_name }}.training.devices import one_device, place
from {{ cookiecutter.package_name }}.training.fitting import (
    INPUT,
    OPSET,
    OUTPUT,
    EncodedData,
    EncodedSplit,
    FitContext,
    Fitted,
    Matrix,
)
from {{ cookiecutter.package_name }}.training.interrupts import Interrupts

VALIDATION_BATCH = 4096
"""Most rows of a validation batch: no gradients are kept, so more fit than in a training batch."""

_ROOM = 8
"""So many training batches make a validation batch: lowering one lowers the need of both."""

NetBuilder = Callable[..., nn.Module]
"""Called with the keywords `inputs`, `outputs` and `image_shape`."""


class _Scores(nn.Module):
    """What is exported: a net with the softmax that its loss had inside."""

    def __init__(self, net: nn.Module, *, classifies: bool) -> None:
        super().__init__()
        self._net, self._classifies = net, classifies

    def forward(self, encoded: Tensor) -> Tensor:
        outputs: Tensor = self._net(encoded)
        return outputs.softmax(dim=1) if self._classifies else outputs


class LightningFitter:
    """Trains the net that `net` builds; keeps the epoch with the lowest validation loss.

    `threads` limits PyTorch's CPU threads; None leaves its default.
    """

    def __init__(
        self,
        *,
        name: str,
        net: NetBuilder,
        optimizer: OptimizerBuilder,
        scheduler: SchedulerBuilder | None,
        batch_size: int,
        threads: int | None,
    ) -> None:
        self.name = name
        self._net, self._optimizer, self._scheduler = net, optimizer, scheduler
        if batch_size < 1:
            raise ConfigError(f"model.batch_size={batch_size}: expected 1 or more.")
        self._batch_size, self._threads = batch_size, threads

    def fit(self, data: EncodedData, context: FitContext) -> Fitted:
        """Train, go back to the best epoch, and export it."""
        if self._threads:
            torch.set_num_threads(self._threads)
        logging.getLogger("lightning.pytorch").setLevel(logging.WARNING)
        torch.manual_seed(context.seed)
        module = self._module(data)
        history = History(context.on_epoch)
        keeper = ModelCheckpoint(
            context.folder / "checkpoints",
            "best",
            monitor="val/loss",
            save_last=not context.fast_dev_run,  # Lightning itself drops only the best one then
        )
        callbacks = [SeedEachEpoch(context.seed), history, ProgressLine(), keeper]
        computed_on = self._run(module, data, context, callbacks)
        best = Path(keeper.best_model_path) if keeper.best_model_path else None
        if best:
            stored = torch.load(best, map_location="cpu", weights_only=True)
            module.load_state_dict(stored["state_dict"])
        scores = _Scores(module.net, classifies=data.task == "classification")
        # Wherever and in whatever precision it was trained: it is served in this one.
        scores = scores.cpu().float().eval()
        core = _core(scores, data.train.inputs.shape[1])
        return Fitted(core, _reference(scores), history.epochs, best, computed_on)

    def _module(self, data: EncodedData) -> Module:
        """The net and how it is trained; ConfigError where they refuse their values."""
        try:
            net = self._net(
                inputs=data.train.inputs.shape[1],
                outputs=data.outputs,
                image_shape=data.image_shape,
            )
            # Once for its checks: the one that trains is made when the net lies on its device.
            self._optimizer(net.parameters())
        except (TypeError, ValueError) as error:
            raise ConfigError(f"model={self.name}: {error}.") from error
        return Module(net, data.task, self._optimizer, self._scheduler)

    def _run(
        self, module: Module, data: EncodedData, context: FitContext, callbacks: list[Callback]
    ) -> str:
        """Train; tells where that was computed."""
        with warnings.catch_warnings():
            # Who says trainer=cpu, on a machine with a GPU too, means it.
            warnings.filterwarnings("ignore", ".*GPU available but not used.*")
            # Both splits lie in memory: workers would only copy them.
            warnings.filterwarnings("ignore", ".*does not have many workers.*")
            # A resumed run goes on in its own folder, where its checkpoints already are.
            warnings.filterwarnings("ignore", ".*exists and is not empty.*")
            # Lightning 2.6 on PyTorch 2.13; nothing of ours to change.
            warnings.filterwarnings("ignore", ".*LeafSpec.*is deprecated.*")
            interrupts = Interrupts()
            # Our own bar and files stand in for Lightning's.
            trainer: pl.Trainer = context.trainer(
                callbacks=[*callbacks, interrupts],
                logger=False,
                enable_progress_bar=False,
                default_root_dir=context.folder,
            )
            one_device(trainer)
            try:
                with interrupts.heard():
                    trainer.fit(
                        module,
                        self._batches(data.train, context.seed),
                        self._batches(data.val, None),
                        ckpt_path=context.resume_from,
                        weights_only=True,
                    )
            except torch.OutOfMemoryError as error:
                raise ConfigError(
                    f"model.batch_size={self._batch_size}: the GPU has too little memory free for "
                    "such batches; expected a smaller one, a smaller net, or trainer=cpu."
                ) from error
            except SystemExit as stop:  # Lightning's answer to Ctrl-C, after its own clean-up
                # It leaves Ctrl-C switched off; what follows can take long, too.
                signal.signal(signal.SIGINT, signal.default_int_handler)
                raise KeyboardInterrupt from stop
        return place(trainer)

    def _batches(
        self, split: EncodedSplit, seed: int | None
    ) -> torch.utils.data.DataLoader[tuple[Tensor, Tensor]]:
        size = self._batch_size
        if seed is None:
            size = max(size, min(_ROOM * size, VALIDATION_BATCH))
        return loader(torch.tensor(split.inputs), torch.tensor(split.targets), size, seed)


def _reference(scores: nn.Module) -> Callable[[Matrix], Matrix]:
    def run(inputs: Matrix) -> Matrix:
        with torch.inference_mode():
            return np.asarray(scores(torch.from_numpy(inputs)).numpy(), dtype=np.float32)

    return run


def _core(scores: nn.Module, width: int) -> onnx.ModelProto:
    """The net as a graph with a dynamic batch.

    PyTorch's TorchScript exporter, although a newer one exists: that one needs onnxscript
    and about three seconds for a net that this one exports in a tenth of one. Both make the
    same operators of plain nets; this function is the one place to change.
    """
    stream = BytesIO()
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", category=DeprecationWarning)
        torch.onnx.export(
            scores,
            (torch.zeros(2, width),),
            stream,  # type: ignore[arg-type]  # the hint forgets what the documentation allows
            dynamo=False,
            opset_version=OPSET,
            input_names=[INPUT],
            output_names=[OUTPUT],
            dynamic_axes={name: {0: "batch"} for name in (INPUT, OUTPUT)},
        )
    return onnx.load_from_string(stream.getvalue())
