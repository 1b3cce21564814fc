"""A request for predictions, from its body to rows and to the outputs that it asks for."""

from dataclasses import dataclass

from {{ cookiecutter.package_name }}.data.features import Features
from {{ cookiecutter.package_name }}.inference.predictor import Predictor
from {{ cookiecutter.package_name }}.inference.refusals import shown
from {{ cookiecutter.package_name }}.schemas.dataset import DataSchema
from {{ cookiecutter.package_name }}_api.answering.bodies import decoded
from {{ cookiecutter.package_name }}_api.protocol.classification import (
    classes_wanted,
)
from {{ cookiecutter.package_name }}_api.protocol.envelopes import (
    Json,
    bad,
    by_name,
    flag_of,
    parameters_of,
    split,
    text_of,
)
from {{ cookiecutter.package_name }}_api.protocol.inputs import features_of
from {{ cookiecutter.package_name }}_api.protocol.tensors import Tensor, outputs_of


@dataclass(frozen=True, slots=True)
class Wanted:
    """An output that is asked for: as bytes or not, and its likeliest classes where not 0."""

    tensor: Tensor
    binary: bool
    classes: int = 0


@dataclass(frozen=True, slots=True)
class Asked:
    """Rows, and the outputs that are asked for."""

    id: str | None
    features: Features
    outputs: list[Wanted]


def read(body: bytes, header: str | None, predictor: Predictor, most: int) -> Asked:
    """A request of up to `most` rows; `header` is its `Inference-Header-Content-Length`.

    HTTPException 400 where it does not fit the protocol or the model's tensors, InvalidRequest
    where a value does not fit its column.
    """
    text, rest = split(body, header)
    content = decoded(text)
    if not isinstance(content, dict):
        raise bad(f"Expected an object, got {shown(content)}.")
    name = text_of(content, "id")
    outputs = _outputs(content, predictor.info.data_schema)
    return Asked(name, features_of(content, rest, predictor, most), outputs)


def _outputs(content: Json, schema: DataSchema) -> list[Wanted]:
    known = outputs_of(schema)
    parameters = parameters_of(content, "the request")
    binary = flag_of(parameters, "binary_data_output", "the request")
    if not content.get("outputs"):
        return [Wanted(tensor, binary) for tensor in known]
    tensors = {tensor.name: tensor for tensor in known}
    asked = []
    for name, output in by_name(content, "outputs", list(tensors)).items():
        own, whose = parameters_of(output, f"'{name}'"), f"'{name}'"
        binary_too = flag_of(own, "binary_data", whose, otherwise=binary)
        asked.append(Wanted(tensors[name], binary_too, classes_wanted(own, name)))
    return asked
