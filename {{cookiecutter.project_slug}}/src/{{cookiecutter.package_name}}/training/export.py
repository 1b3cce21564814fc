"""One graph from raw columns to answers: encoder, fitted core and decoder, merged."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import ModelProto, NodeProto, TensorProto, ValueInfoProto, compose, helper, numpy_helper

from {{ cookiecutter.package_name }}.schemas.dataset import DataSchema
from {{ cookiecutter.package_name }}.schemas.model import METADATA_KEY, ModelInfo
from {{ cookiecutter.package_name }}.training.encoder import Encoder
from {{ cookiecutter.package_name }}.training.fitting import INPUT, OPSET, OUTPUT

IR_VERSION = 9
_OPSETS = [helper.make_opsetid("", OPSET), helper.make_opsetid("ai.onnx.ml", 3)]


class _Graph:
    """Nodes and constants of a graph being written."""

    def __init__(self) -> None:
        self.nodes: list[NodeProto] = []
        self.constants: list[TensorProto] = []

    def constant(self, name: str, value: NDArray[np.generic]) -> str:
        """Add an initializer and return its name; strings are stored as UTF-8."""
        if value.dtype == object:
            encoded = [str(item).encode() for item in value.tolist()]
            strings = np.array(encoded, dtype=object)
            tensor = helper.make_tensor(name, TensorProto.STRING, value.shape, strings)
        else:
            tensor = numpy_helper.from_array(value, name)
        self.constants.append(tensor)
        return name

    def node(self, kind: str, inputs: Sequence[str], output: str, **attributes: Any) -> str:
        """Add an operator with one output and return that output's name."""
        self.nodes.append(helper.make_node(kind, list(inputs), [output], **attributes))
        return output

    def model(self, inputs: list[ValueInfoProto], outputs: list[ValueInfoProto]) -> ModelProto:
        """The finished graph."""
        graph = helper.make_graph(self.nodes, "graph", inputs, outputs, self.constants)
        return helper.make_model(graph, opset_imports=_OPSETS, ir_version=IR_VERSION)


def _tensor(name: str, kind: int, columns: int | None = None) -> ValueInfoProto:
    shape: list[str | int] = ["batch"] if columns is None else ["batch", columns]
    return helper.make_tensor_value_info(name, kind, shape)


def _encoder_graph(encoder: Encoder, schema: DataSchema) -> ModelProto:
    """`numeric` (N, numbers) and `categorical` (N, categories) to `encoded` (N, width)."""
    graph, inputs, blocks = _Graph(), [], []
    if schema.numbers:
        inputs.append(_tensor("numeric", TensorProto.FLOAT, len(schema.numbers)))
        graph.node("IsNaN", ["numeric"], "missing")
        medians = graph.constant("medians", encoder.medians)
        graph.node("Where", ["missing", medians, "numeric"], "filled")
        graph.node("Sub", ["filled", graph.constant("means", encoder.means)], "centred")
        scales = graph.constant("scales", encoder.scales)
        blocks.append(graph.node("Div", ["centred", scales], "scaled"))
    if schema.categories:
        inputs.append(_tensor("categorical", TensorProto.STRING, len(schema.categories)))
    for index, vocabulary in enumerate(encoder.vocabularies):
        if vocabulary:
            blocks.append(_one_hot(graph, index, vocabulary))
    graph.node("Concat", blocks, INPUT, axis=1)
    return graph.model(inputs, [_tensor(INPUT, TensorProto.FLOAT, encoder.width)])


def _one_hot(graph: _Graph, index: int, vocabulary: Sequence[str]) -> str:
    """One category column as (N, vocabulary); a value outside it becomes zeros."""
    position = graph.constant(f"column_{index}", np.array(index, dtype=np.int64))
    column = graph.node("Gather", ["categorical", position], f"values_{index}", axis=1)
    return graph.node(
        "OneHotEncoder",
        [column],
        f"one_hot_{index}",
        domain="ai.onnx.ml",
        cats_strings=list(vocabulary),
        zeros=1,
    )


def _class_graph(classes: Sequence[str]) -> ModelProto:
    """`scores` (N, classes) to `label` (N,) and `probabilities` (N, classes)."""
    graph = _Graph()
    graph.node("Identity", [OUTPUT], "probabilities")
    graph.node("ArgMax", [OUTPUT], "best", axis=1, keepdims=0)
    names = graph.constant("classes", np.array(classes, dtype=object))
    graph.node("Gather", [names, "best"], "label", axis=0)
    label = _tensor("label", TensorProto.STRING)
    probabilities = _tensor("probabilities", TensorProto.FLOAT, len(classes))
    return graph.model([_tensor(OUTPUT, TensorProto.FLOAT, len(classes))], [label, probabilities])


def _value_graph(mean: float, scale: float) -> ModelProto:
    """`scores` (N, 1), standardised, to `value` (N,) in the target's own unit."""
    graph = _Graph()
    factor = graph.constant("target_scale", np.array([scale], dtype=np.float32))
    offset = graph.constant("target_mean", np.array([mean], dtype=np.float32))
    graph.node("Mul", [OUTPUT, factor], "stretched")
    graph.node("Add", ["stretched", offset], "shifted")
    axis = graph.constant("axis", np.array([1], dtype=np.int64))
    graph.node("Squeeze", ["shifted", axis], "value")
    return graph.model(
        [_tensor(OUTPUT, TensorProto.FLOAT, 1)], [_tensor("value", TensorProto.FLOAT)]
    )


def assemble(
    core: ModelProto, encoder: Encoder, schema: DataSchema, target_mean: float, target_scale: float
) -> ModelProto:
    """The served graph around a fitted core; `target_mean` and `_scale` matter for regression."""
    # A core written by another library may use our names inside; its ends keep theirs.
    inner = compose.add_prefix(core, "core/", rename_inputs=False, rename_outputs=False)
    inner.ir_version = IR_VERSION
    # Graphs can be merged only under one set of operator versions; the checker below refuses
    # a core that used an operator which that set does not have.
    del inner.opset_import[:]
    inner.opset_import.extend(_OPSETS)
    head = _encoder_graph(encoder, schema)
    if schema.target.task == "classification":
        tail = _class_graph(schema.target.classes)
    else:
        tail = _value_graph(target_mean, target_scale)
    merged = compose.merge_models(head, inner, io_map=[(INPUT, INPUT)])
    merged = compose.merge_models(merged, tail, io_map=[(OUTPUT, OUTPUT)])
    onnx.checker.check_model(merged, full_check=True)
    return merged


def describe(graph: ModelProto, info: ModelInfo) -> ModelProto:
    """Write the model's description into the graph's own metadata."""
    helper.set_model_props(graph, {METADATA_KEY: info.model_dump_json()})
    return graph
