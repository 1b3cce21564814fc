"""A file that a Triton server can run, and what goes into it and comes out of it.

Names, types and shapes are read from the ONNX graph through ONNX Runtime, never repeated by hand.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Self

from {{ cookiecutter.package_name }}.inference.runtime import OnnxRuntime
from {{ cookiecutter.package_name }}.schemas.errors import ArtifactMismatch
from {{ cookiecutter.package_name }}.schemas.model import MODEL_FILE, ModelInfo

Variant = Literal["onnx", "onnx-int8", "torchscript"]
FILES: dict[Variant, str] = {
    "onnx": MODEL_FILE,
    "onnx-int8": "model.int8.onnx",
    "torchscript": "model.pt",
}
"""Each variant has a name of its own, so that one never takes the place of another."""
LABELLED = "probabilities"
"""The output whose columns are the classes."""

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


@dataclass(frozen=True)
class Tensor:
    """One end of a graph: `dims` are those of one row, -1 where any length is allowed.

    `labelled` says that its columns are the classes.
    """

    name: str
    type: str
    dims: tuple[int, ...]
    labelled: bool = False


class TensorReader(OnnxRuntime):
    """A model file that also tells what its graph takes and gives."""

    @property
    def inputs(self) -> list[Tensor]:
        """What the graph takes; ArtifactMismatch where Triton could not batch it."""
        return [self._tensor(node) for node in self._session.get_inputs()]

    @property
    def outputs(self) -> list[Tensor]:
        """What the graph gives; ArtifactMismatch where Triton could not batch it."""
        has_classes = bool(self.info.data_schema.target.classes)
        return [
            self._tensor(node, labelled=has_classes and node.name == LABELLED)
            for node in self._session.get_outputs()
        ]

    def _tensor(self, node: Any, *, labelled: bool = False) -> Tensor:
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
        return Tensor(node.name, kind, dims, labelled)


@dataclass(frozen=True)
class ServedModel:
    """A file for one of Triton's backends, with its ends and its own description."""

    path: Path
    variant: Variant
    inputs: tuple[Tensor, ...]
    outputs: tuple[Tensor, ...]
    info: ModelInfo

    @classmethod
    def onnx(cls, path: Path, variant: Literal["onnx", "onnx-int8"] = "onnx") -> Self:
        """An ONNX file; ArtifactMismatch where Triton could not serve it."""
        graph = TensorReader(path)
        return cls(path, variant, tuple(graph.inputs), tuple(graph.outputs), graph.info)

    @property
    def file(self) -> str:
        """Its name in the folder of its version."""
        return FILES[self.variant]

    @property
    def backend(self) -> str:
        """Which of Triton's backends runs it."""
        return "pytorch" if self.variant == "torchscript" else "onnxruntime"
