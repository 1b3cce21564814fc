"""An example request for a model, made from the values that its columns had in training."""

import json
import shlex

import {{ cookiecutter.package_name }}
from {{ cookiecutter.package_name }}.schemas.dataset import Column, DataSchema

EXAMPLE_ID = "7b0c4b6e2b0f4d0c9f0f4a2f5f3f9a11"
"""An id such as requests get."""

_MOST_NAMED = 12
"""Rows of more columns than this are shown as arrays: names would bury the values."""


def example_value(column: Column) -> str | float:
    """The middle of a number's range in training, or a category's first value."""
    if column.kind == "category":
        return next(iter((*column.categories, *column.allowed)), "")
    if column.minimum is None or column.maximum is None:
        return next((x for x in (column.lowest, column.highest) if x is not None), 0)
    middle = column.minimum / 2 + column.maximum / 2
    whole = column.minimum.is_integer() and column.maximum.is_integer()
    if whole:
        return round(middle)
    # Four digits may be too few to stay within a narrow range, and so within the contract.
    return min(max(float(f"{middle:.4g}"), column.minimum), column.maximum)


def example_row(schema: DataSchema) -> dict[str, str | float] | list[str | float]:
    """The middle of each number's range and each category's first value."""
    values = [example_value(column) for column in schema.columns]
    if len(values) > _MOST_NAMED:
        return values
    return dict(zip((column.name for column in schema.columns), values, strict=True))


def example_request(schema: DataSchema) -> dict[str, list[object]]:
    """The body of a request with one row."""
    return {"inputs": [example_row(schema)]}


def example_answer(schema: DataSchema) -> dict[str, object]:
    """An answer to it, sure of the first class, or of 0."""
    classes = list(schema.target.classes)
    return {
        "predictions": classes[:1] or [0.0],
        "probabilities": [[1.0, *[0.0] * (len(classes) - 1)]] if classes else None,
        "classes": classes or None,
        "model": {"name": {{ cookiecutter.package_name }}.PROJECT, "version": "1", "alias": "prod"},
        "request_id": EXAMPLE_ID,
    }


def curl_line(url: str, schema: DataSchema, *, keyed: bool = False) -> str:
    """A command for a shell that asks the service at `url` for a prediction.

    `keyed` lets it show the key of the variable `API_KEY`.
    """
    body = shlex.quote(json.dumps(example_request(schema), ensure_ascii=False))
    key = ' -H "Authorization: Bearer $API_KEY"' if keyed else ""
    return f"curl -s {url}/v1/predict{key} -H 'Content-Type: application/json' -d {body}"
