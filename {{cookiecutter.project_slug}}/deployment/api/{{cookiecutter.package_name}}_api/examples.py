"""An example request for a model, made from the values that its columns had in training."""

import json
import shlex

from {{ cookiecutter.package_name }}.schemas.dataset import Column, DataSchema

_MOST_NAMED = 12
"""Rows of more columns than this are shown as arrays: names would bury the values."""


def _example(column: Column) -> str | float:
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
    values = [_example(column) for column in schema.columns]
    if len(values) > _MOST_NAMED:
        return values
    return dict(zip((column.name for column in schema.columns), values, strict=True))


def example_request(schema: DataSchema) -> dict[str, list[object]]:
    """The body of a request with one row."""
    return {"inputs": [example_row(schema)]}


def curl_line(url: str, schema: DataSchema) -> str:
    """A command for a shell that asks the service at `url` for a prediction."""
    body = shlex.quote(json.dumps(example_request(schema), ensure_ascii=False))
    return f"curl -s {url}/v1/predict -H 'Content-Type: application/json' -d {body}"
