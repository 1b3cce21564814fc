"""What an operator may tell the service."""

import asyncio

from fastapi import APIRouter, HTTPException, Request
from pydantic import BaseModel, Field

from {{ cookiecutter.package_name }}_api.answering.crew import busy
from {{ cookiecutter.package_name }}_api.keys import WHERE, owner_in
from {{ cookiecutter.package_name }}_api.problems import documented
from {{ cookiecutter.package_name }}_api.schemas import AnsweringModel
from {{ cookiecutter.package_name }}_api.service import Service, service_of

router = APIRouter(tags=["operations"])


class Reloaded(BaseModel):
    """The version that answers now."""

    swapped: bool = Field(description="Whether it is another one than before")
    model: AnsweringModel


@router.post(
    "/v1/reload", summary="Look for another version now", responses=documented(401, 403, 409, 503)
)
async def reload(request: Request) -> Reloaded:
    """Asks the registry at once. Needs an operator's key; the answer comes after the swap."""
    service = service_of(request)
    _require_operator(request, service)
    if not service.settings.watched or service.follower is None:
        raise HTTPException(409, "A file or a fixed version is served: start the service again.")
    seconds = service.settings.request_timeout_seconds
    look = asyncio.create_task(service.follower.look(now=True, hurry=True))
    look.add_done_callback(lambda done: done.cancelled() or done.exception())
    # A large model may take longer than a client waits: it is loaded all the same.
    if not (await asyncio.wait({look}, timeout=seconds))[0]:
        raise busy(f"Not done within {seconds:g} s; it goes on, and /v1/model says how it ends.")
    swapped = await look
    version = service.served.version
    return Reloaded(swapped=swapped, model=AnsweringModel(**version.model_dump(exclude={"run_id"})))


def _require_operator(request: Request, service: Service) -> None:
    if service.operators is None:
        raise HTTPException(403, "No operators are known: OPERATOR_KEYS_FILE names their keys.")
    owner = owner_in(request.scope, service.operators)
    if owner is None:
        raise HTTPException(
            401, f"Expected an operator's key, {WHERE}.", headers={"WWW-Authenticate": "Bearer"}
        )
    request.scope["state"]["owner"] = owner
