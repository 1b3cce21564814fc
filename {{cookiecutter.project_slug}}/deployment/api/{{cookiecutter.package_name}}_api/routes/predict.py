"""Predictions for the rows of a request."""

from typing import Any

import orjson
from fastapi import APIRouter, Request, Response

from {{ cookiecutter.package_name }}.inference.records import features_from_rows
from {{ cookiecutter.package_name }}.schemas.errors import FieldError, InvalidRequest
from {{ cookiecutter.package_name }}.schemas.model import Predictions
from {{ cookiecutter.package_name }}_api.bodies import read_json
from {{ cookiecutter.package_name }}_api.loading import Served
from {{ cookiecutter.package_name }}_api.openapi import REQUEST_BODY
from {{ cookiecutter.package_name }}_api.problems import documented
from {{ cookiecutter.package_name }}_api.schemas import PredictionResponse
from {{ cookiecutter.package_name }}_api.service import service_of

router = APIRouter(tags=["predictions"])

_OPERATION: dict[str, Any] = {
    "response_model": PredictionResponse,
    "responses": documented(400, 413, 415, 422, 503),
    "openapi_extra": {"requestBody": REQUEST_BODY},
}


@router.post("/predict", summary="The same as /v1/predict", **_OPERATION)
@router.post("/v1/predict", summary="Predict for one row or many", **_OPERATION)
async def predict(request: Request) -> Response:
    """Rows are checked against the model's own columns; every refused value is named."""
    service = service_of(request)
    served, settings = service.served, service.settings
    inputs = _inputs(await read_json(request, settings.max_body_bytes))
    schema = served.predictor.info.data_schema
    features = features_from_rows(inputs, schema, settings.max_batch_rows)
    # Inline: a small model answers sooner than a thread could take the work over.
    predictions = served.predictor.predict(features)
    service.metrics.count_rows(len(features))
    content = _answer(served, predictions) | {"request_id": request.state.request_id}
    body = orjson.dumps(content, option=orjson.OPT_SERIALIZE_NUMPY)
    return Response(body, media_type="application/json")


def _inputs(body: object) -> object:
    if not isinstance(body, dict) or body.keys() != {"inputs"}:
        got = ", ".join(sorted(body))[:60] if isinstance(body, dict) else "something else"
        message = f"expected an object with the one key 'inputs', got {got or 'no key'}"
        raise InvalidRequest([FieldError(None, None, message)])
    inputs: object = body["inputs"]
    return inputs


def _answer(served: Served, predictions: Predictions) -> dict[str, object]:
    return {
        "predictions": predictions.values.tolist(),
        "probabilities": predictions.probabilities,
        "classes": served.predictor.info.data_schema.target.classes or None,
        "model": served.version.model_dump(include={"name", "version", "alias"}),
    }
