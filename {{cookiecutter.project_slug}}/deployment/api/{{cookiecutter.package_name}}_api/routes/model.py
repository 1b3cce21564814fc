"""The model that answers, described."""

from fastapi import APIRouter, Request
from pydantic import Field

from {{ cookiecutter.package_name }}_api.examples import example_request
from {{ cookiecutter.package_name }}_api.models.loading import Origin
from {{ cookiecutter.package_name }}_api.problems import documented
from {{ cookiecutter.package_name }}_api.schemas import ModelDescription, PredictionRequest
from {{ cookiecutter.package_name }}_api.service import service_of

router = APIRouter(tags=["model"])


class ServedDescription(ModelDescription):
    """The model that answers, and how this service came by it."""

    origin: Origin = Field(
        description="'kept copy': the registry could not be used at the start, or was not asked "
        "yet; 'server': it is the version that the backend's server has"
    )
    backend: str = Field(description="What runs the model")
    trouble: str | None = Field(
        description="Why another version than this one may be meant to answer; null: none is"
    )


@router.get("/v1/model", summary="The model that answers", responses=documented(503))
async def model(request: Request) -> ServedDescription:
    """Its version and origin, its columns with what training saw in them, and its metrics."""
    service = service_of(request)
    served, trouble = service.served, service.trouble
    info, version = served.predictor.info, served.version
    schema = info.data_schema
    return ServedDescription(
        **version.model_dump(),
        **info.model_dump(exclude={"data_schema"}),
        loaded_at=served.loaded_at,
        task=schema.target.task,
        target=schema.target.name,
        classes=list(schema.target.classes) or None,
        columns=list(schema.columns),
        image_shape=schema.image_shape,
        origin=served.origin,
        backend=service.settings.inference_backend,
        trouble=None if trouble is None else trouble.reason,
    )


@router.get("/v1/example", summary="A request that the model answers", responses=documented(503))
async def example(request: Request) -> PredictionRequest:
    """One row from the middle of what training saw: send it to /v1/predict, or begin from it."""
    schema = service_of(request).served.predictor.info.data_schema
    return PredictionRequest.model_validate(example_request(schema))
