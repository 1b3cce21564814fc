"""The model's answer as the protocol has it: JSON, and bytes after it where they were asked for."""

from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray
from starlette.responses import Response

from {{ cookiecutter.package_name }}.schemas.model import Predictions, ServedVersion
from {{ cookiecutter.package_name }}_api.protocol.classification import (
    likeliest_classes,
)
from {{ cookiecutter.package_name }}_api.protocol.codec import to_bytes
from {{ cookiecutter.package_name }}_api.protocol.requests import Asked, Wanted
from {{ cookiecutter.package_name }}_api.protocol.tensors import PROBABILITIES, Tensor

HEADER = "Inference-Header-Content-Length"


def answer_of(
    asked: Asked, predictions: Predictions, version: ServedVersion, classes: tuple[str, ...]
) -> Response:
    """The answer to a request: the outputs that it asked for, in its order.

    `classes` are the target's, in the order of the probabilities.
    """
    chunks: list[bytes] = []
    outputs = [
        _output(*_elements(wanted, predictions, classes), chunks if wanted.binary else None)
        for wanted in asked.outputs
    ]
    content = {"model_name": version.name, "model_version": version.version, "outputs": outputs}
    if asked.id is not None:
        content = {"id": asked.id, **content}
    text = orjson.dumps(content, option=orjson.OPT_SERIALIZE_NUMPY)
    if not chunks:
        return Response(text, media_type="application/json")
    headers = {HEADER: str(len(text))}
    return Response(b"".join([text, *chunks]), 200, headers, "application/octet-stream")


def _elements(
    wanted: Wanted, predictions: Predictions, classes: tuple[str, ...]
) -> tuple[Tensor, NDArray[Any]]:
    if wanted.tensor.name != PROBABILITIES:
        return wanted.tensor, predictions.values
    scores = predictions.probabilities
    assert scores is not None, "`outputs_of` names it for classes alone"  # noqa: S101
    if not wanted.classes:
        return wanted.tensor, scores
    likeliest = likeliest_classes(scores, classes, wanted.classes)
    return Tensor(PROBABILITIES, "BYTES", likeliest.shape[1]), likeliest


def _output(tensor: Tensor, elements: NDArray[Any], chunks: list[bytes] | None) -> dict[str, Any]:
    output: dict[str, Any] = {
        "name": tensor.name,
        "datatype": tensor.datatype,
        "shape": [len(elements), tensor.width],
    }
    if chunks is None:
        flat = np.ascontiguousarray(elements).ravel()
        return output | {"data": flat if flat.dtype != np.object_ else flat.tolist()}
    chunk = to_bytes(elements)
    chunks.append(chunk)
    return output | {"parameters": {"binary_data_size": len(chunk)}}
