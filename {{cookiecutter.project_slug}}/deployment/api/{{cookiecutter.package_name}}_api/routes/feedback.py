"""What was true of the rows that were answered, told afterwards."""

from typing import Any

from fastapi import APIRouter, HTTPException, Request
from pydantic import BaseModel, Field

from {{ cookiecutter.package_name }}_api.answering.bodies import decoded, read_bytes
from {{ cookiecutter.package_name }}_api.answering.crew import busy
from {{ cookiecutter.package_name }}_api.prediction_log.feedback import REQUEST_BODY, labels_of
from {{ cookiecutter.package_name }}_api.problems import documented
from {{ cookiecutter.package_name }}_api.service import service_of

router = APIRouter(tags=["predictions"])

_OPERATION: dict[str, Any] = {
    "responses": documented(400, 401, 408, 409, 413, 415, 422, 429, 503),
    "openapi_extra": {"requestBody": REQUEST_BODY},
}


class Taken(BaseModel):
    """What becomes of the labels."""

    request_id: str
    labels: int = Field(description="How many were sent")
    kept: bool = Field(description="false: only a sample of the requests is kept, without this one")


@router.post("/v1/feedback", status_code=202, summary="Tell the true labels", **_OPERATION)
async def feedback(request: Request) -> Taken:
    """Labels go to the prediction log beside the request that they belong to, soon but not yet.

    The id is that of the answer. Later labels of the same row count instead of earlier ones.
    """
    service = service_of(request)
    if service.prediction_log is None:
        raise HTTPException(409, "Nothing is kept here: PREDICTION_LOG_URL is 'none'.")
    settings, target = service.settings, service.served.predictor.info.data_schema.target
    kind = request.headers.get("content-type", "")
    if kind.partition(";")[0].strip().lower() != "application/json":
        raise HTTPException(415, f"Expected a body of JSON, got {kind[:60] or 'no type'}.")
    body = await read_bytes(request, service.bounds)
    labels = labels_of(decoded(body), target, settings.max_batch_rows)
    request_id = labels[0].request_id
    kept = service.prediction_log.samples(request_id)
    if kept and not service.prediction_log.keep_labels(labels):
        raise busy("Too much waits to be written; send the labels again soon.")
    return Taken(request_id=request_id, labels=len(labels), kept=kept)
