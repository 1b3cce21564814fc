"""The Open Inference Protocol, version 2: what clients of other inference servers ask."""

from fastapi import APIRouter, FastAPI, HTTPException, Request, Response

from {{ cookiecutter.package_name }}.schemas.errors import VersionGone
from {{ cookiecutter.package_name }}_api.answering.bodies import read_bytes
from {{ cookiecutter.package_name }}_api.models.loading import Served
from {{ cookiecutter.package_name }}_api.protocol.answers import HEADER, answer_of
from {{ cookiecutter.package_name }}_api.protocol.openapi import described, infer_operation, refusals
from {{ cookiecutter.package_name }}_api.protocol.paths import INFER, INFER_OF_VERSION
from {{ cookiecutter.package_name }}_api.protocol.requests import Asked, read
from {{ cookiecutter.package_name }}_api.protocol.schemas import (
    ModelMetadata,
    ModelReady,
    ServerLive,
    ServerMetadata,
    ServerReady,
)
from {{ cookiecutter.package_name }}_api.protocol.tensors import PLATFORM, inputs_of, outputs_of
from {{ cookiecutter.package_name }}_api.routes.answering import answer
from {{ cookiecutter.package_name }}_api.service import Service, service_of

router = APIRouter(tags=["open inference protocol"])

_EXTENSIONS = ["binary_tensor_data", "classification"]
_TYPES = frozenset({"", "application/json", "application/octet-stream"})
"""Clients that send bytes after the JSON name the one, the other or nothing."""

_LARGE_BYTES = 65_536
"""A longer body is read in a thread: reading it would keep the others waiting."""


@router.get("/v2/", include_in_schema=False)
@router.get("/v2", summary="What answers here")
async def server(request: Request) -> ServerMetadata:
    """Its name, its version and the protocol's extensions that it knows."""
    about: FastAPI = request.app
    return ServerMetadata(name=about.title, version=about.version, extensions=_EXTENSIONS)


@router.get("/v2/health/live", summary="Does the process answer?")
async def live() -> ServerLive:
    """As /health/live."""
    return ServerLive()


@router.get("/v2/health/ready", summary="Can it predict?", responses=refusals(503))
async def ready(request: Request) -> ServerReady:
    """As /health/ready."""
    await service_of(request).check()
    return ServerReady()


@router.get(
    "/v2/models/{name}/versions/{version}",
    summary="What this version takes and gives",
    responses=refusals(401, 404, 503),
)
@router.get(
    "/v2/models/{name}",
    summary="What the model takes and gives",
    responses=refusals(401, 404, 503),
)
async def model(request: Request, name: str, version: str | None = None) -> ModelMetadata:
    """What the model takes and gives, by the names that the graph has for it."""
    served = _asked_for(service_of(request), name, version)
    schema = served.predictor.info.data_schema
    return ModelMetadata(
        name=served.version.name,
        versions=[served.version.version],
        platform=PLATFORM,
        inputs=[described(tensor) for tensor in inputs_of(schema)],
        outputs=[described(tensor) for tensor in outputs_of(schema)],
    )


@router.get(
    "/v2/models/{name}/versions/{version}/ready",
    summary="Does this version answer?",
    responses=refusals(401, 404, 503),
)
@router.get(
    "/v2/models/{name}/ready",
    summary="Does the model answer?",
    responses=refusals(401, 404, 503),
)
async def model_ready(request: Request, name: str, version: str | None = None) -> ModelReady:
    """Whether this model, or this version of it, answers."""
    return ModelReady(name=_asked_for(service_of(request), name, version).version.name)


@router.post(
    INFER_OF_VERSION, summary="Predict with this version", **infer_operation("name", "version")
)
@router.post(INFER, summary="Predict for one row or many", **infer_operation("name"))
async def infer(request: Request) -> Response:
    """Tensors are checked as rows are; the first refused value is named."""
    service, path = service_of(request), request.path_params
    served = _asked_for(service, path["name"], path.get("version"))
    _check_type(request)
    body = await read_bytes(request, service.bounds)
    try:
        return await _inferred(request, served, body)
    except VersionGone:
        await service.catch_up(served)
        served = _asked_for(service, path["name"], path.get("version"))
        return await _inferred(request, served, body)


async def _inferred(request: Request, served: Served, body: bytes) -> Response:
    asked = await _read(request, service_of(request), served, body)
    predictions = await answer(request, served, asked.features)
    classes = served.predictor.info.data_schema.target.classes
    return answer_of(asked, predictions, served.version, classes)


def _asked_for(service: Service, name: str, version: str | None) -> Served:
    """The model that answers; HTTPException 404 where another one is asked for."""
    served = service.served
    here = served.version
    if name != here.name:
        raise HTTPException(404, f"There is no model '{name[:60]}' here, but '{here.name}'.")
    if version not in (None, here.version):
        raise HTTPException(
            404, f"Version '{version[:60]}' of '{name}' is not served, but '{here.version}'."
        )
    return served


def _check_type(request: Request) -> None:
    kind = request.headers.get("content-type", "")
    if kind.partition(";")[0].strip().lower() not in _TYPES:
        raise HTTPException(
            415, f"Expected application/json or application/octet-stream, got {kind[:60]}."
        )


async def _read(request: Request, service: Service, served: Served, body: bytes) -> Asked:
    most = service.settings.max_batch_rows

    def work() -> Asked:
        return read(body, request.headers.get(HEADER), served.predictor, most)

    if len(body) > _LARGE_BYTES:
        return await service.crew.do(work, service.settings.request_timeout_seconds)
    return work()
