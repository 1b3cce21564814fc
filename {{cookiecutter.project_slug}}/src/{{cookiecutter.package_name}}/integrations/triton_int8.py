"""An ONNX model with the weights and activations of its large operators in 8 bits."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from {{ cookiecutter.package_name }}.data.features import Features
from {{ cookiecutter.package_name }}.inference.runtime import Arrays
from {{ cookiecutter.package_name }}.integrations.triton_model import TensorReader
from {{ cookiecutter.package_name }}.schemas.errors import ConfigError

CALIBRATION_ROWS = 2048
"""Rows of the training split from which the ranges of activations are read."""
_OPERATORS = ["Conv", "Gemm", "MatMul"]
"""What is worth it. Everything else, and all of the preprocessing, stays as it is."""
_BATCH = 64


def quantised(model: Path, rows: Features, target: Path) -> Path:
    """Write the model anew, its ranges read from N rows; the description goes with it.

    ConfigError where nothing of the graph is of a kind that gains by it.
    """
    import onnx
    from onnxruntime.quantization import QuantFormat, QuantType, quantize_static

    graph = onnx.load(model)
    kinds = {node.op_type for node in graph.graph.node}
    if not kinds & set(_OPERATORS):
        raise ConfigError(
            f"'{model}' has none of {', '.join(_OPERATORS)}, which are what 8 bits make faster "
            f"(it has {', '.join(sorted(kinds))}): leave out --quantize."
        )
    _say_what_the_library_asks_for(graph)
    with _quiet():
        quantize_static(
            graph,
            target,
            _reader(model, rows),
            quant_format=QuantFormat.QDQ,
            op_types_to_quantize=_OPERATORS,
            per_channel=True,
            activation_type=QuantType.QUInt8,
            weight_type=QuantType.QInt8,
        )
    return target


def _say_what_the_library_asks_for(graph: Any) -> None:
    """Each operator set once, where a merged graph says it again; and the types of tensors.

    It finds those only behind operators of ONNX itself, not behind those for categories.
    """
    from onnx import TensorProto, helper

    sets = {one.domain: one.version for one in graph.opset_import}
    del graph.opset_import[:]
    graph.opset_import.extend(helper.make_opsetid(*item) for item in sets.items())
    ends = {
        name
        for node in graph.graph.node
        if node.op_type in _OPERATORS
        for name in (node.input[0], node.output[0])
    }
    told = {
        one.name for part in ("input", "output", "value_info") for one in getattr(graph.graph, part)
    }
    graph.graph.value_info.extend(
        helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in sorted(ends - told)
    )


def _reader(model: Path, rows: Features) -> Any:
    """The rows as the library asks for them: batch after batch, then None."""
    from onnxruntime.quantization import CalibrationDataReader

    names = [tensor.name for tensor in TensorReader(model).inputs]
    batches = _batches(names, rows)

    class Reader(CalibrationDataReader):  # type: ignore[misc]  # the library has no types
        def get_next(self) -> Arrays | None:
            return next(batches, None)

    return Reader()


def _batches(names: list[str], rows: Features) -> Iterator[Arrays]:
    for start in range(0, min(len(rows), CALIBRATION_ROWS), _BATCH):
        part = rows[start : start + _BATCH]
        arrays: Arrays = {"numeric": part.numeric, "categorical": part.categorical}
        yield {name: arrays[name] for name in names}


@contextmanager
def _quiet() -> Iterator[None]:
    """Without the library's advice about models of another kind, given to the root logger."""
    root = logging.getLogger()
    before = root.level
    root.setLevel(logging.ERROR)
    try:
        yield
    finally:
        root.setLevel(before)
