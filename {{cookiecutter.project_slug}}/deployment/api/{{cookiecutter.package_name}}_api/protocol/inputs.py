"""The tensors of a request, held to what the model takes: types, shapes, then values."""

from collections.abc import Iterator

import numpy as np

from {{ cookiecutter.package_name }}.data.features import Features
from {{ cookiecutter.package_name }}.inference.predictor import Predictor
from {{ cookiecutter.package_name }}.inference.refusals import shown
from {{ cookiecutter.package_name }}.utils.words import counted
from {{ cookiecutter.package_name }}_api.protocol.codec import Elements, from_bytes, from_json
from {{ cookiecutter.package_name }}_api.protocol.envelopes import (
    Json,
    bad,
    by_name,
    listed,
    parameters_of,
)
from {{ cookiecutter.package_name }}_api.protocol.tensors import (
    CATEGORICAL,
    NUMERIC,
    Tensor,
    inputs_of,
)

_Sent = tuple[Tensor, Json]
"""A tensor of the model, and what the request has for it."""


def features_of(content: Json, rest: memoryview, predictor: Predictor, most: int) -> Features:
    """The rows of a request, up to `most`; `rest` is what comes after its JSON.

    HTTPException 400 where a tensor does not fit the model's, InvalidRequest where a value does
    not fit its column.
    """
    sent = _sent(content, inputs_of(predictor.info.data_schema))
    rows = _rows(sent, most)
    found = dict(_elements(sent, rest, rows))
    return predictor.tensors.read(
        found.get(NUMERIC, np.empty((rows, 0), dtype=np.float32)),
        found.get(CATEGORICAL, np.empty((rows, 0), dtype=object)),
    )


def _sent(content: Json, known: list[Tensor]) -> list[_Sent]:
    """In the order of the request, which is that of the bytes after the JSON."""
    tensors = {tensor.name: tensor for tensor in known}
    named = by_name(content, "inputs", list(tensors))
    missing = [name for name in tensors if name not in named]
    if missing:
        raise bad(f"Expected {listed(list(tensors))} in 'inputs'; missing: {listed(missing)}.")
    return [(tensors[name], one) for name, one in named.items()]


def _rows(sent: list[_Sent], most: int) -> int:
    """How many rows all of the tensors have."""
    numbers = [_rows_of(tensor, one, most) for tensor, one in sent]
    if len(set(numbers)) > 1:
        names = listed([tensor.name for tensor, _ in sent])
        raise bad(f"Expected as many rows for {names}, got {' and '.join(map(str, numbers))}.")
    return numbers[0]


def _rows_of(tensor: Tensor, one: Json, most: int) -> int:
    if one.get("datatype") != tensor.datatype:
        got = shown(one.get("datatype"))
        raise bad(f"Expected the datatype {tensor.datatype} for '{tensor.name}', got {got}.")
    shape = one.get("shape")
    if isinstance(shape, list) and [type(size) for size in shape] == [int, int]:
        rows, width = shape
        if 1 <= rows <= most and width == tensor.width:
            return int(rows)
    raise bad(
        f"Expected the shape [rows,{tensor.width}] with 1 to {most} rows for '{tensor.name}', "
        f"got {_shape(shape)}."
    )


def _shape(found: object) -> str:
    if not isinstance(found, list):
        return shown(found)
    return f"[{','.join(map(shown, found[:5]))}{',…' if len(found) > 5 else ''}]"


def _elements(sent: list[_Sent], rest: memoryview, rows: int) -> Iterator[tuple[str, Elements]]:
    for tensor, one in sent:
        try:
            size = _size(tensor, one)
            if size is None:
                yield tensor.name, from_json(one.get("data"), tensor, rows)
            elif size > len(rest):
                raise ValueError(
                    f"expected {counted(size, 'byte')} after the JSON, got {len(rest):,}"
                )
            else:
                yield tensor.name, from_bytes(rest[:size], tensor, rows)
                rest = rest[size:]
        except ValueError as error:
            raise bad(f"'{tensor.name}': {error}.") from None
    if len(rest):
        raise bad(f"The body has {counted(len(rest), 'byte')} more than its inputs take.")


def _size(tensor: Tensor, one: Json) -> int | None:
    """How many of the bytes after the JSON are this tensor's; None where it is in the JSON."""
    size = parameters_of(one, f"'{tensor.name}'").get("binary_data_size")
    if size is None:
        return None
    if type(size) is not int or size < 0:
        raise ValueError(f"expected a number of bytes as 'binary_data_size', got {shown(size)}")
    if one.get("data") is not None:
        raise ValueError("expected 'data' or 'binary_data_size', got both")
    return size
