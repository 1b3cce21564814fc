"""From the body of a request for predictions to rows that the model takes."""

from collections.abc import Callable

from fastapi import HTTPException

from {{ cookiecutter.package_name }}.data.features import Features
from {{ cookiecutter.package_name }}.inference.arrays import from_npy, from_octets
from {{ cookiecutter.package_name }}.inference.predictor import Predictor
from {{ cookiecutter.package_name }}.inference.refusals import shown
from {{ cookiecutter.package_name }}.schemas.errors import FieldError, InvalidRequest
from {{ cookiecutter.package_name }}_api.answering.bodies import Headers, decoded

JSON = "application/json"
OCTETS = "application/octet-stream"
NPY = "application/x-npy"

Reader = Callable[[Predictor, bytes, int], Features]
"""Reads a body of at most so many rows for a model; HTTPException 400, InvalidRequest."""


def from_json(predictor: Predictor, body: bytes, most: int) -> Features:
    """The rows of `{"inputs": […]}`."""
    content = decoded(body)
    # Without this letter there is no true or false in it: one look instead of one at each value.
    return predictor.rows.read(_inputs(content), most, no_booleans=b"e" not in body)


def _inputs(body: object) -> object:
    if not isinstance(body, dict) or len(body) != 1 or "inputs" not in body:
        got = ", ".join(sorted(body))[:60] if isinstance(body, dict) else shown(body)
        message = f"expected an object with the one key 'inputs', got {got or 'no key'}"
        raise InvalidRequest([FieldError(None, None, message)])
    inputs: object = body["inputs"]
    return inputs


_READERS: dict[str, Reader] = {JSON: from_json, OCTETS: from_octets, NPY: from_npy}


def reader_for(headers: Headers, predictor: Predictor) -> Reader:
    """What reads a body of the type that it says to be; HTTPException 415 where nothing does."""
    said = headers.get(b"content-type", b"")
    if said == b"application/json":
        return from_json
    text = said.decode("latin-1")
    kind = text.partition(";")[0].strip().lower()
    reader = _READERS.get(kind)
    if reader is None:
        arrays = "" if predictor.info.data_schema.categories else f", {OCTETS} or {NPY}"
        got = text[:60] or "no type"
        raise HTTPException(415, f"Expected a body of {JSON}{arrays}, got {got}.")
    if reader is not from_json and (categories := predictor.info.data_schema.categories):
        name = categories[0].name
        detail = f"Column '{name}' is no number, so {kind} cannot hold it: send {JSON}."
        raise HTTPException(415, detail)
    return reader
