"""The OpenAPI document, with the request as the model that answers takes it."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from {{ cookiecutter.package_name }}.data.features import category_text
from {{ cookiecutter.package_name }}.schemas.dataset import Column, DataSchema
from {{ cookiecutter.package_name }}_api import problems
from {{ cookiecutter.package_name }}_api.answering.reading import NPY, OCTETS
from {{ cookiecutter.package_name }}_api.examples import (
    example_answer,
    example_request,
    example_value,
)
from {{ cookiecutter.package_name }}_api.guards.guarding import OPEN
from {{ cookiecutter.package_name }}_api.openapi_keys import say_where_keys_go
from {{ cookiecutter.package_name }}_api.prediction_log import feedback
from {{ cookiecutter.package_name }}_api.protocol import openapi as protocol
from {{ cookiecutter.package_name }}_api.protocol.paths import speaks
from {{ cookiecutter.package_name }}_api.schemas import PredictionRequest, Value
from {{ cookiecutter.package_name }}_api.settings import Settings

Json = dict[str, Any]
REQUEST_SCHEMA = "PredictionRequest"
_REFERENCE: Json = {"$ref": f"#/components/schemas/{REQUEST_SCHEMA}"}
_MEDIA: Json = {"schema": _REFERENCE}
REQUEST_BODY: Json = {
    "required": True,
    "content": {"application/json": _MEDIA},
}
PREDICTIONS = ("/predict", "/v1/predict")
_UNUSED = ("HTTPValidationError", "ValidationError")
"""The framework's own words for 422, in which nothing is refused here."""

_GUARDED = problems.documented(400, 401, 429, 503)
GUARDED: Json = {str(status): response for status, response in _GUARDED.items()}
GUARDED_PROTOCOL: Json = {
    status: response
    | {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/ProtocolError"}}}}
    for status, response in GUARDED.items()
}


def document(app: FastAPI, schema: DataSchema | None, settings: Settings) -> Json:
    """The application's OpenAPI document; rows are typed once a model's schema is known."""
    max_rows = settings.max_batch_rows
    whole = get_openapi(
        title=app.title, version=app.version, description=app.description, routes=app.routes
    )
    request = PredictionRequest.model_json_schema() if schema is None else _typed(schema)
    request["properties"]["inputs"]["maxItems"] = max_rows
    whole["components"]["schemas"] |= problems.schemas() | {REQUEST_SCHEMA: request}
    if schema is not None and not schema.categories:
        for path in PREDICTIONS:
            content = whole["paths"][path]["post"]["requestBody"]["content"]
            content |= _arrays(schema, max_rows)
    protocol.complete(whole, schema)
    whole["components"]["schemas"] |= feedback.schemas(schema, max_rows)
    if schema is not None:
        _show_answer(whole, schema)
    _say_what_guards(whole)
    say_where_keys_go(
        whole,
        clients=settings.api_keys_file is not None,
        operators=settings.operator_keys_file is not None,
    )
    for name in _UNUSED:
        whole["components"]["schemas"].pop(name, None)
    return whole


def _show_answer(whole: Json, schema: DataSchema) -> None:
    """An answer in the model's own classes."""
    example = example_answer(schema)
    for path in PREDICTIONS:
        content = whole["paths"][path]["post"]["responses"]["200"]["content"]
        content["application/json"]["example"] = example


def _say_what_guards(whole: Json) -> None:
    """Any request but those of machines that watch may be refused before its route is asked."""
    for path, operations in whole["paths"].items():
        if path not in OPEN:
            refused = GUARDED_PROTOCOL if speaks(path) else GUARDED
            for operation in operations.values():
                operation["responses"] = refused | operation["responses"]


def _arrays(schema: DataSchema, max_rows: int) -> Json:
    """The bodies that hold rows of numbers as bytes, by their types."""
    width, image = len(schema.columns), schema.image_shape
    pictures = f", or (rows, {', '.join(map(str, image))})" if image else ""
    octets = (
        f"1 to {max_rows} rows of {width} little-endian 32-bit floats each, "
        f"so {4 * width} bytes a row; NaN is a missing value"
    )
    file = (
        f"A file of `numpy.save`: floats or integers of shape (rows, {width}){pictures}, "
        f"1 to {max_rows} rows; NaN is a missing value"
    )
    return {
        OCTETS: {"schema": {"type": "string", "format": "binary", "description": octets}},
        NPY: {"schema": {"type": "string", "format": "binary", "description": file}},
    }


def _typed(schema: DataSchema) -> Json:
    rows = {"oneOf": [_object_row(schema), _array_row(schema)]}
    inputs = {"type": "array", "minItems": 1, "items": rows}
    return {
        "title": REQUEST_SCHEMA,
        "type": "object",
        "required": ["inputs"],
        "additionalProperties": False,
        "properties": {"inputs": inputs},
        "examples": [example_request(schema)],
    }


def _object_row(schema: DataSchema) -> Json:
    return {
        "title": "Row by column name",
        "type": "object",
        "required": [column.name for column in schema.columns],
        "additionalProperties": False,
        "properties": {column.name: _value(column) for column in schema.columns},
    }


def _array_row(schema: DataSchema) -> Json:
    width = len(schema.columns)
    return {
        "title": "Row in the order of the columns",
        "type": "array",
        "minItems": width,
        "maxItems": width,
        "prefixItems": [_value(column) | {"title": column.name} for column in schema.columns],
    }


def _value(column: Column) -> Json:
    """What the column takes; what training saw is only told."""
    null = [] if column.required else ["null"]
    if column.kind == "category":
        if column.allowed:
            return {"enum": [*_spellings(column.allowed), *([] if column.required else [None])]}
        known = list(column.categories[:20])
        return {"type": ["string", "number", "boolean", *null], "examples": known}
    value: Json = {"type": ["number", *null], "examples": [example_value(column)]}
    limits = {"minimum": column.lowest, "maximum": column.highest}
    value |= {key: limit for key, limit in limits.items() if limit is not None}
    if column.minimum is not None and column.maximum is not None:
        value["description"] = f"{column.minimum:g} to {column.maximum:g} in training"
    return value


def _spellings(allowed: Sequence[str]) -> Iterator[Value]:
    """Each value as text, and as the number or boolean that means the same in a request."""
    for text in allowed:
        yield text
        try:
            plain = json.loads(text)
        except ValueError:
            continue
        if isinstance(plain, int | float) and category_text(plain) == text:
            yield plain
