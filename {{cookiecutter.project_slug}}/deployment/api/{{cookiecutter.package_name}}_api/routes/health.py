"""Whether the service lives, can predict, and what it counted."""

from fastapi import APIRouter, Request, Response

from {{ cookiecutter.package_name }}_api.problems import documented
from {{ cookiecutter.package_name }}_api.schemas import Alive, AnsweringModel, Health, Ready
from {{ cookiecutter.package_name }}_api.service import service_of

router = APIRouter(tags=["operations"])


@router.get("/health", summary="The service in short", responses=documented(503))
async def health(request: Request) -> Health:
    """The version that answers, and since when."""
    served = service_of(request).served
    model = AnsweringModel(**served.version.model_dump(exclude={"run_id"}))
    return Health(model=model, loaded_at=served.loaded_at)


@router.get("/health/live", summary="Does the process answer?")
async def live() -> Alive:
    """Where this fails, start the process again."""
    return Alive()


@router.get("/health/ready", summary="Can it predict?", responses=documented(503))
async def ready(request: Request) -> Ready:
    """Where this fails, send requests elsewhere."""
    _ = service_of(request).served
    return Ready(checks={"model": "ok"})


@router.get("/metrics", summary="Counters for Prometheus", response_class=Response)
async def metrics(request: Request) -> Response:
    """Requests, latencies, rows and the model version, in Prometheus' text format."""
    counted = service_of(request).metrics
    return Response(counted.page(), media_type=counted.content_type)
