"""Predictions for the rows of a request."""

from functools import partial
from typing import Any

from fastapi import APIRouter, Request, Response
from starlette.types import Receive, Scope

from {{ cookiecutter.package_name }}.data.features import Features
from {{ cookiecutter.package_name }}.schemas.errors import VersionGone
from {{ cookiecutter.package_name }}.schemas.model import Predictions
from {{ cookiecutter.package_name }}_api.answering.bodies import LARGE_BYTES, received
from {{ cookiecutter.package_name }}_api.answering.reading import JSON, Reader, reader_for
from {{ cookiecutter.package_name }}_api.answering.replies import Replies
from {{ cookiecutter.package_name }}_api.models.loading import Served
from {{ cookiecutter.package_name }}_api.openapi import REQUEST_BODY
from {{ cookiecutter.package_name }}_api.problems import documented
from {{ cookiecutter.package_name }}_api.routes.answering import asked, small_batches, tell
from {{ cookiecutter.package_name }}_api.schemas import PredictionResponse
from {{ cookiecutter.package_name }}_api.service import Service

router = APIRouter(tags=["predictions"])

_OPERATION: dict[str, Any] = {
    "response_model": PredictionResponse,
    "responses": documented(400, 401, 408, 413, 415, 422, 429, 503),
    "openapi_extra": {"requestBody": REQUEST_BODY},
}

_Reply = tuple[Features, Predictions, bytes]
"""The rows, what the model says of them, and the answer's body."""

replies = Replies()


@router.post("/predict", summary="The same as /v1/predict", **_OPERATION)
@router.post("/v1/predict", summary="Predict for one row or many", **_OPERATION)
async def predict(request: Request) -> Response:
    """Rows are checked against the model's own columns; up to 20 refused values are named."""
    content = await replied(request.app.state.service, request.scope, request.receive)
    return Response(content, media_type=JSON)


async def replied(service: Service, scope: Scope, receive: Receive) -> bytes:
    """The answer's body. Raises what refuses the request: HTTPException, or a ProjectError."""
    served = service.served  # asked for once: it may be another one before this request ends
    headers = dict(scope["headers"])
    read = reader_for(headers, served.predictor)
    body = await received(headers, receive, service.bounds)
    try:
        return await _reply(service, served, read, body, scope["state"])
    except VersionGone:
        served = await service.catch_up(served)
        read = reader_for(headers, served.predictor)
        return await _reply(service, served, read, body, scope["state"])


async def _reply(
    service: Service, served: Served, read: Reader, body: bytes, state: dict[str, Any]
) -> bytes:
    predictor, most = served.predictor, service.settings.max_batch_rows
    seconds = service.settings.request_timeout_seconds

    def written(features: Features, predictions: Predictions) -> _Reply:
        return features, predictions, replies.body(served, predictions, state["request_id"])

    def predicted(features: Features) -> _Reply:
        return written(features, predictor.predict(features))

    if served.server is not None:
        large = len(body) > LARGE_BYTES
        rows = partial(read, predictor, body, most)
        features = await service.crew.do(rows, seconds) if large else rows()
        reply = written(features, await asked(service, served, features))
    elif len(body) > LARGE_BYTES:
        reply = await service.crew.do(lambda: predicted(read(predictor, body, most)), seconds)
    else:
        features = read(predictor, body, most)
        if (small := small_batches(service, served, features)) is not None:
            reply = written(features, await small.predict(served, features))
        else:
            reply = await service.crew.do(lambda: predicted(features), seconds)
    tell(service, state, served, reply[0], reply[1])
    return reply[2]
