"""The protocol's operations in the OpenAPI document."""

from http import HTTPStatus
from typing import Any

from pydantic.json_schema import models_json_schema

from {{ cookiecutter.package_name }}.schemas.dataset import DataSchema
from {{ cookiecutter.package_name }}_api.examples import example_row
from {{ cookiecutter.package_name }}_api.protocol.paths import speaks
from {{ cookiecutter.package_name }}_api.protocol.schemas import (
    InferenceRequest,
    InferenceResponse,
    ProtocolError,
    TensorMetadata,
)
from {{ cookiecutter.package_name }}_api.protocol.tensors import CATEGORICAL, Tensor, inputs_of

Json = dict[str, Any]

_NAME = InferenceRequest.__name__
_COMPONENTS = "#/components/schemas/{model}"


def refusals(*statuses: int) -> dict[int | str, Json]:
    """These refusals as an operation's `responses`."""
    return {
        status: {"description": HTTPStatus(status).phrase, "model": ProtocolError}
        for status in statuses
    }


def described(tensor: Tensor) -> TensorMetadata:
    """A tensor as the protocol describes it."""
    return TensorMetadata(name=tensor.name, datatype=tensor.datatype, shape=[-1, tensor.width])


_BYTES: Json = {"schema": {"type": "string", "format": "binary"}}
_LENGTH: Json = {
    "name": "Inference-Header-Content-Length",
    "in": "header",
    "required": False,
    "description": "Bytes of the JSON, where a tensor's bytes come after it",
    "schema": {"type": "integer", "minimum": 0},
}


def _in_path(name: str) -> Json:
    return {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}


def infer_operation(*names: str) -> Json:
    """What the document says of a route for predictions with these names in its path."""
    parameters = [*map(_in_path, names), _LENGTH]
    extra = _INFER["openapi_extra"] | {"parameters": parameters}
    return _INFER | {"openapi_extra": extra}


_INFER: Json = {
    "response_model": InferenceResponse,
    "response_model_exclude_none": True,
    "responses": {
        200: {
            "description": "The outputs; as bytes after the JSON where the request says so",
            "content": {"application/octet-stream": _BYTES},
        },
        **refusals(400, 401, 404, 408, 413, 415, 429, 503),
    },
    "openapi_extra": {
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {"schema": {"$ref": _COMPONENTS.format(model=_NAME)}},
                "application/octet-stream": _BYTES,
            },
        }
    },
}


def complete(document: Json, schema: DataSchema | None) -> None:
    """Put in what the framework leaves out of the document, take out what is not so.

    An example stands in it once a model is known.
    """
    _, found = models_json_schema([(InferenceRequest, "validation")], ref_template=_COMPONENTS)
    components: Json = found["$defs"]
    if schema is not None:
        components[_NAME] = components[_NAME] | {"examples": [_example(schema)]}
    document["components"]["schemas"] |= components
    for path, operations in document["paths"].items():
        if speaks(path):
            for operation in operations.values():  # any text is a name: 404 refuses it, not 422
                operation["responses"].pop("422", None)


def _example(schema: DataSchema) -> Json:
    row = example_row(schema)
    values = list(row.values()) if isinstance(row, dict) else row
    by_kind: dict[str, list[object]] = {"number": [], "category": []}
    for column, value in zip(schema.columns, values, strict=True):
        by_kind[column.kind].append(value)
    return {
        "inputs": [
            {
                "name": tensor.name,
                "shape": [1, tensor.width],
                "datatype": tensor.datatype,
                "data": by_kind["category" if tensor.name == CATEGORICAL else "number"],
            }
            for tensor in inputs_of(schema)
        ]
    }
