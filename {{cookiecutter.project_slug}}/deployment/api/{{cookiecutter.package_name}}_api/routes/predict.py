"""Predictions for the rows of a request."""

from collections.abc import Callable, Coroutine
from typing import Any

import orjson
from fastapi import APIRouter, Request, Response
from fastapi.routing import APIRoute

from {{ cookiecutter.package_name }}.data.features import Features
from {{ cookiecutter.package_name }}.inference.refusals import shown
from {{ cookiecutter.package_name }}.schemas.errors import FieldError, InvalidRequest
from {{ cookiecutter.package_name }}.schemas.model import Predictions
from {{ cookiecutter.package_name }}_api.bodies import decoded, read_body
from {{ cookiecutter.package_name }}_api.loading import Served
from {{ cookiecutter.package_name }}_api.openapi import REQUEST_BODY
from {{ cookiecutter.package_name }}_api.problems import documented
from {{ cookiecutter.package_name }}_api.schemas import PredictionResponse
from {{ cookiecutter.package_name }}_api.service import service_of


class Direct(APIRoute):
    """A route that passes the request on as it is: nothing to inject, nothing to serialise.

    What FastAPI does around a path operation costs more than a small model's run.
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The path operation itself."""
        handler: Callable[[Request], Coroutine[Any, Any, Response]] = self.endpoint
        return handler


router = APIRouter(tags=["predictions"], route_class=Direct)

_OPERATION: dict[str, Any] = {
    "response_model": PredictionResponse,
    "responses": documented(400, 401, 408, 413, 415, 422, 503),
    "openapi_extra": {"requestBody": REQUEST_BODY},
}

_LARGE_BYTES = 65_536
"""A longer body is decoded in a thread: decoding it would keep the others waiting."""


@router.post("/predict", summary="The same as /v1/predict", **_OPERATION)
@router.post("/v1/predict", summary="Predict for one row or many", **_OPERATION)
async def predict(request: Request) -> Response:
    """Rows are checked against the model's own columns; every refused value is named."""
    service, request_id = service_of(request), request.state.request_id
    served = service.served  # asked for once: it may be another one before this request ends
    most, seconds = service.settings.max_batch_rows, service.settings.request_timeout_seconds
    body = await read_body(request, service.settings.max_body_bytes, seconds)
    if len(body) > _LARGE_BYTES:
        rows, content = await service.crew.do(
            lambda: _replied(served, _features(served, body, most), request_id), seconds
        )
    elif len(features := _features(served, body, most)) > served.inline_rows:
        rows, content = await service.crew.do(
            lambda: _replied(served, features, request_id), seconds
        )
    else:
        # Inline: a small batch is answered sooner than a thread could take the work over.
        rows, content = _replied(served, features, request_id)
    service.metrics.count_rows(rows)
    return Response(content, media_type="application/json")


def _features(served: Served, body: bytes, most: int) -> Features:
    return served.predictor.rows.read(_inputs(decoded(body)), most)


def _inputs(body: object) -> object:
    if not isinstance(body, dict) or body.keys() != {"inputs"}:
        got = ", ".join(sorted(body))[:60] if isinstance(body, dict) else shown(body)
        message = f"expected an object with the one key 'inputs', got {got or 'no key'}"
        raise InvalidRequest([FieldError(None, None, message)])
    inputs: object = body["inputs"]
    return inputs


def _replied(served: Served, features: Features, request_id: str) -> tuple[int, bytes]:
    """How many rows were answered, and the answer's body."""
    predictions = served.predictor.predict(features)
    content = _answer(served, predictions) | {"request_id": request_id}
    return len(features), orjson.dumps(content, option=orjson.OPT_SERIALIZE_NUMPY)


def _answer(served: Served, predictions: Predictions) -> dict[str, object]:
    version = served.version
    return {
        "predictions": predictions.values.tolist(),
        "probabilities": predictions.probabilities,
        "classes": served.predictor.info.data_schema.target.classes or None,
        "model": {"name": version.name, "version": version.version, "alias": version.alias},
    }
