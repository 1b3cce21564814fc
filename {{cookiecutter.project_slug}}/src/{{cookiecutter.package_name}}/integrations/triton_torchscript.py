"""A trained net as TorchScript, from raw numbers to answers: what Triton's PyTorch backend runs.

The net is the one of the run's checkpoint. What the ONNX graph does before and after it is read
from that graph's constants, so that both formats answer alike; that is looked at row by row.
"""

import warnings
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from {{ cookiecutter.package_name }}.data.features import Features
from {{ cookiecutter.package_name }}.inference.golden import Golden
from {{ cookiecutter.package_name }}.integrations.triton_model import (
    LABELLED,
    ServedModel,
    TensorReader,
)
from {{ cookiecutter.package_name }}.integrations.triton_model import Tensor as End
from {{ cookiecutter.package_name }}.schemas.dataset import DataSchema
from {{ cookiecutter.package_name }}.schemas.errors import ArtifactMismatch, ConfigError
from {{ cookiecutter.package_name }}.schemas.model import ModelInfo, Predictions
from {{ cookiecutter.package_name }}.utils.words import counted

_PREFIX = "net."
_CONSTANTS = ("medians", "means", "scales", "target_scale", "target_mean")


class _Whole(nn.Module):
    """`numeric` (N, numbers) to `probabilities` (N, classes) or `value` (N,)."""

    medians: Tensor
    means: Tensor
    scales: Tensor
    target_scale: Tensor
    target_mean: Tensor

    def __init__(self, net: nn.Module, constants: dict[str, Tensor], *, classifies: bool) -> None:
        super().__init__()
        self._net, self._classifies = net, classifies
        for name in _CONSTANTS:
            self.register_buffer(name, constants.get(name, torch.zeros(0)))

    def forward(self, numeric: Tensor) -> Tensor:
        known = torch.where(torch.isnan(numeric), self.medians, numeric)
        scores: Tensor = self._net((known - self.means) / self.scales)
        if self._classifies:
            return scores.softmax(dim=1)
        return (scores * self.target_scale + self.target_mean).squeeze(1)


def require_numbers(schema: DataSchema) -> None:
    """ConfigError where the model has columns that TorchScript cannot take."""
    if names := [column.name for column in schema.categories]:
        raise ConfigError(
            f"The model takes columns of categories ({', '.join(names)}), and TorchScript has no "
            "strings to take them by: use --format onnx."
        )


def torchscript(
    model: Path, net: nn.Module, checkpoint: Path, golden: Golden, target: Path
) -> ServedModel:
    """Write the TorchScript file that answers as `model`, the ONNX file, does.

    `net` has the shape of the net that was trained; its weights are those of `checkpoint`.
    Raises ConfigError for columns of categories, ArtifactMismatch where checkpoint and net do
    not fit, or where the answers to the golden rows differ.
    """
    graph = TensorReader(model)
    info = graph.info
    require_numbers(info.data_schema)
    _load(net, checkpoint)
    classifies = info.data_schema.target.task == "classification"
    whole = _Whole(net, _constants(model), classifies=classifies).eval()
    rows = torch.from_numpy(golden.features(info.data_schema).numeric)
    with warnings.catch_warnings():
        # PyTorch prefers its newer formats, which Triton's backend does not read.
        warnings.simplefilter("ignore", DeprecationWarning)
        torch.jit.save(torch.jit.trace(whole, rows), str(target))  # type: ignore[no-untyped-call]
    _check_parity(target, info, golden)
    wanted = LABELLED if classifies else "value"
    outputs = [_positioned(end, place=0) for end in graph.outputs if end.name == wanted]
    inputs = [_positioned(end, place) for place, end in enumerate(graph.inputs)]
    return ServedModel(target, "torchscript", tuple(inputs), tuple(outputs), info)


def _positioned(end: End, place: int) -> End:
    """TorchScript has places and no names: Triton reads them from what follows `__`."""
    return End(f"{end.name}__{place}", end.type, end.dims, end.labelled)


def _load(net: nn.Module, checkpoint: Path) -> None:
    stored = torch.load(checkpoint, map_location="cpu", weights_only=True)["state_dict"]
    weights = {name.removeprefix(_PREFIX): value for name, value in stored.items()}
    try:
        net.load_state_dict(weights)
    except RuntimeError as error:
        first = " ".join(str(error).split())[:300]
        raise ArtifactMismatch(
            f"The checkpoint '{checkpoint.name}' of the run does not fit the net that its "
            f"configuration describes ({first}): was the code of the net changed since?"
        ) from error


def _constants(model: Path) -> dict[str, Tensor]:
    found = {one.name: one for one in onnx.load(model).graph.initializer}
    return {
        name: torch.from_numpy(onnx.numpy_helper.to_array(found[name]).copy())
        for name in _CONSTANTS
        if name in found
    }


def _check_parity(written: Path, info: ModelInfo, golden: Golden) -> None:
    """Ask the file that was written, all golden rows at once and one by one."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        loaded: Any = torch.jit.load(str(written))  # type: ignore[no-untyped-call]
    features = golden.features(info.data_schema)
    alone = (
        golden.row(row).difference(_asked(loaded, features[row : row + 1]))
        for row in range(len(features))
    )
    difference = max(golden.difference(_asked(loaded, features)), *alone)
    if not difference <= golden.tolerance:
        raise ArtifactMismatch(
            f"The TorchScript file differs from the trained model by {difference:.2g} on its "
            f"{counted(len(features), 'golden row')}, more than {golden.tolerance:.2g}: the net of "
            "today's code is not the one that was trained. Nothing was exported."
        )


def _asked(loaded: Any, features: Features) -> Predictions:
    with torch.inference_mode():
        answer: NDArray[np.float32] = loaded(torch.from_numpy(features.numeric)).numpy()
    return Predictions(answer) if answer.ndim == 1 else Predictions(answer[:, 0], answer)
