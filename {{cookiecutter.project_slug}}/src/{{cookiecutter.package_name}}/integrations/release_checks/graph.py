"""The graph is valid ONNX, takes the columns of its description, and any number of rows."""

from typing import Any

from {{ cookiecutter.package_name }}.evaluation.rules import RuleResult
from {{ cookiecutter.package_name }}.integrations.release_checks import Candidate
from {{ cookiecutter.package_name }}.schemas.dataset import DataSchema
from {{ cookiecutter.package_name }}.schemas.errors import ArtifactMismatch

Tensor = tuple[str, list[int]]
"""Type of its elements, and its sizes."""

_TYPES = {1: "float32", 8: "string"}
"""By ONNX's numbers."""


def check(candidate: Candidate) -> list[RuleResult]:
    """ONNX's own checker, with shapes inferred; then the ends of the graph."""
    import onnx

    path = candidate.folder / "model.onnx"
    graph = onnx.load(path)
    try:
        onnx.checker.check_model(graph, full_check=True)
    except (onnx.checker.ValidationError, onnx.shape_inference.InferenceError) as error:
        text = " ".join(str(error).split())[:300]
        raise ArtifactMismatch(f"'{path}' is not valid ONNX: {text}.") from error
    inputs, outputs = tensors(candidate.info.data_schema)
    for wanted, found in ((inputs, graph.graph.input), (outputs, graph.graph.output)):
        if wanted != (there := _tensors(found)):
            raise ArtifactMismatch(
                f"'{path}' has the tensors {_words(there)} where its description asks for "
                f"{_words(wanted)}: train the model again."
            )
    return []


def tensors(schema: DataSchema) -> tuple[dict[str, Tensor], dict[str, Tensor]]:
    """What goes in and what comes out, by name; -1 stands for any number of rows."""
    numbers, categories = len(schema.numbers), len(schema.categories)
    inputs = {"numeric": ("float32", [-1, numbers]), "categorical": ("string", [-1, categories])}
    given = {name: end for name, end in inputs.items() if end[1][1]}
    if schema.target.task == "regression":
        return given, {"value": ("float32", [-1])}
    classes = len(schema.target.classes)
    return given, {"label": ("string", [-1]), "probabilities": ("float32", [-1, classes])}


def _tensors(ends: Any) -> dict[str, Tensor]:
    return {end.name: _tensor(end.type.tensor_type) for end in ends}


def _tensor(kind: Any) -> Tensor:
    sizes = [size.dim_value or -1 for size in kind.shape.dim]
    return _TYPES.get(kind.elem_type, f"type {kind.elem_type}"), sizes


def _words(tensors: dict[str, Tensor]) -> str:
    return ", ".join(f"{name} {kind} {sizes}" for name, (kind, sizes) in tensors.items()) or "none"
