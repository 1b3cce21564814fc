"""The OpenAPI document, with the request as the model that answers takes it."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from {{ cookiecutter.package_name }}.data.features import category_text
from {{ cookiecutter.package_name }}.schemas.dataset import Column, DataSchema
from {{ cookiecutter.package_name }}_api import problems
from {{ cookiecutter.package_name }}_api.examples import example_request
from {{ cookiecutter.package_name }}_api.schemas import PredictionRequest, Value

Json = dict[str, Any]
REQUEST_SCHEMA = "PredictionRequest"
_REFERENCE: Json = {"$ref": f"#/components/schemas/{REQUEST_SCHEMA}"}
_MEDIA: Json = {"schema": _REFERENCE}
REQUEST_BODY: Json = {
    "required": True,
    "content": {"application/json": _MEDIA},
}


def document(app: FastAPI, schema: DataSchema | None, max_rows: int) -> Json:
    """The application's OpenAPI document; rows are typed once a model's schema is known."""
    whole = get_openapi(
        title=app.title, version=app.version, description=app.description, routes=app.routes
    )
    request = PredictionRequest.model_json_schema() if schema is None else _typed(schema)
    request["properties"]["inputs"]["maxItems"] = max_rows
    whole["components"]["schemas"] |= problems.schemas() | {REQUEST_SCHEMA: request}
    return whole


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
    value: Json = {"type": ["number", *null]}
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
