"""Whether the service lives, can predict, and what it counted."""

from datetime import datetime
from typing import Literal

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from {{ cookiecutter.package_name }}_api.problems import documented
from {{ cookiecutter.package_name }}_api.schemas import AnsweringModel
from {{ cookiecutter.package_name }}_api.service import Service, service_of

router = APIRouter(tags=["operations"])


class Alive(BaseModel):
    """The process answers."""

    status: Literal["alive"] = "alive"


class Ready(BaseModel):
    """The service can predict; each thing that it depends on is named."""

    status: Literal["ready"] = "ready"
    checks: dict[str, str] = Field(description="'ok', or why it is not")


class Health(BaseModel):
    """The service in short."""

    status: Literal["ok"] = "ok"
    model: AnsweringModel
    loaded_at: datetime


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
    service = service_of(request)
    server = await service.check()
    return Ready(checks={"model": "ok"} | server | _registry(service) | _prediction_log(service))


def _registry(service: Service) -> dict[str, str]:
    """A registry that is away does not stop the service, so it is told, and the answer is 200.

    Where a server runs the model, it is what says the version.
    """
    trouble, server = service.trouble, service.served.server
    if not service.settings.watched:
        return {}
    name = "registry" if server is None else server.name
    if trouble is None:
        return {name: "ok"}
    since = trouble.since.isoformat(timespec="seconds")
    times = "once" if trouble.tries == 1 else f"{trouble.tries} times"
    tried = f"since {since}, {times}: " if trouble.tries else ""
    return {name: tried + trouble.reason}


def _prediction_log(service: Service) -> dict[str, str]:
    """What is answered is answered all the same, kept or not."""
    log = service.prediction_log
    return {} if log is None else {"prediction log": log.check()}


@router.get("/metrics", summary="Counters for Prometheus", response_class=Response)
async def metrics(request: Request) -> Response:
    """Requests, latencies, rows and the model version, in Prometheus' text format."""
    counted = service_of(request).metrics
    return Response(counted.page(), media_type=counted.content_type)
