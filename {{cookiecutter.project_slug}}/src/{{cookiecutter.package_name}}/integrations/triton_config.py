"""Triton's `config.pbtxt`, made from the ONNX graph that it is about.

Names, types and shapes are read from the graph through ONNX Runtime, never repeated by hand. The
text is written by protobuf from Triton's own message, so that every name and quote is right.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from {{ cookiecutter.package_name }}.inference.runtime import OnnxRuntime
from {{ cookiecutter.package_name }}.schemas.errors import ArtifactMismatch, ConfigError
from {{ cookiecutter.package_name }}.schemas.model import ServedVersion

MODEL_FILE = "model.onnx"
LABELS_FILE = "labels.txt"
LABELLED = "probabilities"
"""The output whose columns are the classes."""
INFO_PARAMETER = "model_info"
VERSION_PARAMETER = "served_version"

_TYPES = {
    "bfloat16": "TYPE_BF16",
    "bool": "TYPE_BOOL",
    "double": "TYPE_FP64",
    "float": "TYPE_FP32",
    "float16": "TYPE_FP16",
    "int8": "TYPE_INT8",
    "int16": "TYPE_INT16",
    "int32": "TYPE_INT32",
    "int64": "TYPE_INT64",
    "string": "TYPE_STRING",
    "uint8": "TYPE_UINT8",
    "uint16": "TYPE_UINT16",
    "uint32": "TYPE_UINT32",
    "uint64": "TYPE_UINT64",
}
"""Triton's name by ONNX Runtime's, which writes `tensor(float)`."""

_HEADING = "# Written by `export-triton` from the graph of the version that it names; not by hand."


@dataclass(frozen=True)
class Tensor:
    """One end of a graph: `dims` are those of one row, -1 where any length is allowed."""

    name: str
    type: str
    dims: tuple[int, ...]


@dataclass(frozen=True)
class ServingOptions:
    """How Triton runs the model. Sizes are rows, `instances` are copies of the model in memory."""

    model: str
    max_batch_size: int = 64
    preferred_batch_sizes: tuple[int, ...] = (8, 32)
    queue_delay_us: int = 500
    device: Literal["cpu", "gpu"] = "cpu"
    instances: int = 1

    def check(self) -> None:
        """ConfigError where Triton would refuse to load the model."""
        most = self.max_batch_size
        wrong = [size for size in self.preferred_batch_sizes if not 1 <= size <= most]
        if wrong:
            raise ConfigError(
                f"A preferred batch size of {wrong[0]} cannot be: expected 1 to the maximum "
                f"batch size, {most}."
            )


class TensorReader(OnnxRuntime):
    """A model file that also tells what its graph takes and gives."""

    @property
    def inputs(self) -> list[Tensor]:
        """What the graph takes; ArtifactMismatch where Triton could not batch it."""
        return [self._tensor(node) for node in self._session.get_inputs()]

    @property
    def outputs(self) -> list[Tensor]:
        """What the graph gives; ArtifactMismatch where Triton could not batch it."""
        return [self._tensor(node) for node in self._session.get_outputs()]

    def _tensor(self, node: Any) -> Tensor:
        kind = _TYPES.get(node.type.removeprefix("tensor(").removesuffix(")"))
        if kind is None:
            raise ArtifactMismatch(
                f"'{node.name}' of '{self._path}' is a {node.type}, which Triton cannot pass on."
            )
        if not node.shape or isinstance(node.shape[0], int):
            raise ArtifactMismatch(
                f"'{node.name}' of '{self._path}' has shape {node.shape}: its first dimension must "
                "be free, so that rows can be put together into batches; export the model again."
            )
        dims = tuple(size if isinstance(size, int) else -1 for size in node.shape[1:])
        return Tensor(node.name, kind, dims)


def config_text(graph: TensorReader, served: ServedVersion, options: ServingOptions) -> str:
    """The text of `config.pbtxt`, in which one version of the model is served.

    The version's own description travels in it, so that clients need no model file.
    """
    from google.protobuf import text_format
    from tritonclient.grpc.model_config_pb2 import ModelConfig

    options.check()
    info, version = graph.info, served.version
    labelled = LABELLED if info.data_schema.target.classes else None
    inputs = graph.inputs
    config = ModelConfig(
        name=options.model,
        backend="onnxruntime",
        default_model_filename=MODEL_FILE,
        max_batch_size=options.max_batch_size,
        version_policy={"specific": {"versions": [int(version)]}},
        input=[_described(tensor) for tensor in inputs],
        output=[
            _described(tensor, version if tensor.name == labelled else None)
            for tensor in graph.outputs
        ],
        dynamic_batching={
            "preferred_batch_size": options.preferred_batch_sizes,
            "max_queue_delay_microseconds": options.queue_delay_us,
        },
        instance_group=[
            {"count": options.instances, "kind": f"KIND_{options.device.upper()}"},
        ],
        model_warmup=[_warm_up(inputs)],
        parameters={
            INFO_PARAMETER: {"string_value": info.model_dump_json()},
            VERSION_PARAMETER: {"string_value": served.model_dump_json()},
            # ONNX Runtime would otherwise give every instance all cores of the machine.
            "intra_op_thread_count": {"string_value": "1"},
        },
    )
    text: str = text_format.MessageToString(config, as_utf8=True)
    return f"{_HEADING}\n{text}"


def _described(tensor: Tensor, labels_of_version: str | None = None) -> dict[str, Any]:
    # Triton wants at least one dimension beside the batch: (N,) is told as (N, 1), reshaped.
    shape = {"dims": tensor.dims} if tensor.dims else {"dims": (1,), "reshape": {"shape": ()}}
    labels = {"label_filename": f"{labels_of_version}/{LABELS_FILE}"} if labels_of_version else {}
    return {"name": tensor.name, "data_type": tensor.type, **shape, **labels}


def _warm_up(inputs: list[Tensor]) -> dict[str, Any]:
    """One row of zeros (for strings: empty ones), run before the model counts as ready."""
    rows = {
        tensor.name: {
            "data_type": tensor.type,
            "dims": [max(size, 1) for size in tensor.dims] or [1],
            "zero_data": True,
        }
        for tensor in inputs
    }
    return {"name": "one row", "batch_size": 1, "inputs": rows}


def labels_text(path: Path, classes: tuple[str, ...]) -> str:
    """The text of the labels file: a class a line, in the order of the columns.

    Raises ArtifactMismatch where the name of a class is not one line.
    """
    broken = [name for name in classes if len(name.splitlines()) > 1]
    if broken:
        raise ArtifactMismatch(
            f"Class {broken[0]!r} of '{path}' has a line break, which a labels file cannot hold."
        )
    return "".join(f"{name}\n" for name in classes)
