"""A model's ends as the protocol names them: the graph's own names, types and shapes."""

from dataclasses import dataclass
from typing import Literal

from {{ cookiecutter.package_name }}.schemas.dataset import DataSchema

NUMERIC = "numeric"
CATEGORICAL = "categorical"
LABEL = "label"
PROBABILITIES = "probabilities"
VALUE = "value"

PLATFORM = "onnxruntime_onnx"

Datatype = Literal["FP32", "BYTES"]


@dataclass(frozen=True, slots=True)
class Tensor:
    """One end of a model: rows of `width` elements each."""

    name: str
    datatype: Datatype
    width: int


def inputs_of(schema: DataSchema) -> list[Tensor]:
    """What the model takes; a kind of column that the data do not have is left out."""
    numeric = Tensor(NUMERIC, "FP32", len(schema.numbers))
    categorical = Tensor(CATEGORICAL, "BYTES", len(schema.categories))
    return [tensor for tensor in (numeric, categorical) if tensor.width]


def outputs_of(schema: DataSchema) -> list[Tensor]:
    """What the model gives. One value a row is a row of one: servers batch no bare values."""
    if schema.target.task == "regression":
        return [Tensor(VALUE, "FP32", 1)]
    classes = len(schema.target.classes)
    return [Tensor(LABEL, "BYTES", 1), Tensor(PROBABILITIES, "FP32", classes)]
