"""The model that answers, described."""

from fastapi import APIRouter, Request

from {{ cookiecutter.package_name }}_api.examples import example_request
from {{ cookiecutter.package_name }}_api.problems import documented
from {{ cookiecutter.package_name }}_api.schemas import ModelDescription, PredictionRequest
from {{ cookiecutter.package_name }}_api.service import service_of

router = APIRouter(tags=["model"])


@router.get("/v1/model", summary="The model that answers", responses=documented(503))
async def model(request: Request) -> ModelDescription:
    """Its version and origin, its columns with what training saw in them, and its metrics."""
    served = service_of(request).served
    info, version = served.predictor.info, served.version
    schema = info.data_schema
    return ModelDescription(
        **version.model_dump(),
        **info.model_dump(exclude={"data_schema"}),
        loaded_at=served.loaded_at,
        task=schema.target.task,
        target=schema.target.name,
        classes=list(schema.target.classes) or None,
        columns=list(schema.columns),
        image_shape=schema.image_shape,
    )


@router.get("/v1/example", summary="A request that the model answers", responses=documented(503))
async def example(request: Request) -> PredictionRequest:
    """One row from the middle of what training saw: send it to /v1/predict, or begin from it."""
    schema = service_of(request).served.predictor.info.data_schema
    return PredictionRequest.model_validate(example_request(schema))
