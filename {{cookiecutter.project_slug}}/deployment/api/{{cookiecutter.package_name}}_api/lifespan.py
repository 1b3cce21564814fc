"""A model before the first request, or a refusal to start that is one sentence."""

import asyncio
import logging
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from fastapi import FastAPI
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from {{ cookiecutter.package_name }}.schemas.errors import ProjectError
from {{ cookiecutter.package_name }}_api.models.following import Follower, Newer
from {{ cookiecutter.package_name }}_api.models.loading import Load
from {{ cookiecutter.package_name }}_api.service import Service

_log = logging.getLogger(__name__)


def lifespan(
    service: Service, load: Load, newer: Newer
) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    """Loads the model at start-up; what `load` raises ends the start. Then follows its alias."""

    @asynccontextmanager
    async def running(_: FastAPI) -> AsyncIterator[None]:
        service.serve(load(service.settings))
        version = service.served.version
        _log.info("model loaded", extra={"model": version.name, "version": version.version})
        service.follower = Follower(service, newer)
        service.access.start()
        if service.spans is not None:
            service.spans.start()
        if service.prediction_log is not None:
            service.prediction_log.start(service.served)
        tasks = [
            asyncio.create_task(_followed(service)),
            asyncio.create_task(service.waiting.watch()),
        ]
        yield
        for task in tasks:
            task.cancel()
        # Whatever one of them ended with, the rest has to be stopped.
        await asyncio.gather(*tasks, return_exceptions=True)
        service.crew.close()
        if service.served.server is not None:
            await service.served.server.close()
        if service.spans is not None:
            service.spans.stop()
        if service.prediction_log is not None:
            service.prediction_log.stop()
        service.access.stop()
        service.metrics.flush()

    return running


async def _followed(service: Service) -> None:
    if service.settings.watched and service.follower is not None:
        await service.follower.run()


class OneSentence:
    """Tells the server why a start failed in the project's own words, without a trace."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let everything pass but the trace of one of the project's own errors."""
        if scope["type"] != "lifespan":
            await self._app(scope, receive, send)
            return

        async def send_sentence(message: Message) -> None:
            error = sys.exception()
            if message["type"] == "lifespan.startup.failed" and isinstance(error, ProjectError):
                message = {**message, "message": str(error)}
            await send(message)

        await self._app(scope, receive, send_sentence)
