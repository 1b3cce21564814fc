"""The application, put together."""

from typing import Any

from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

import {{ cookiecutter.package_name }}
from {{ cookiecutter.package_name }}.schemas.errors import ModelNotFound
from {{ cookiecutter.package_name }}_api import openapi, problems
from {{ cookiecutter.package_name }}_api.answering.at_once import AtOnce
from {{ cookiecutter.package_name }}_api.answering.shortcut import Shortcut
from {{ cookiecutter.package_name }}_api.guards.guarding import Guarded, Guards
from {{ cookiecutter.package_name }}_api.lifespan import OneSentence, lifespan
from {{ cookiecutter.package_name }}_api.models.following import Newer
from {{ cookiecutter.package_name }}_api.models.loading import Load, load_model, newer_model
from {{ cookiecutter.package_name }}_api.observing.requests import Observed, Observer
from {{ cookiecutter.package_name }}_api.processes.heads import Heads
from {{ cookiecutter.package_name }}_api.protocol.answers import HEADER
from {{ cookiecutter.package_name }}_api.routes import (
    docs,
    feedback,
    health,
    model,
    predict,
    protocol,
    reload,
)
from {{ cookiecutter.package_name }}_api.service import Service
from {{ cookiecutter.package_name }}_api.settings import Settings, read_settings


class _Application(FastAPI):
    """What is added to it stands around the framework's own layers, not within them.

    Each of those costs every request something, and a request for predictions needs none.
    """

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if self.middleware_stack is None or self.root_path:
            await super().__call__(scope, receive, send)
            return
        scope["app"] = self
        await self.middleware_stack(scope, receive, send)

    def build_middleware_stack(self) -> ASGIApp:
        """The framework's layers and routes, within what was added."""
        added, self.user_middleware = self.user_middleware, []
        app = super().build_middleware_stack()
        self.user_middleware = added
        for layer, arguments, options in reversed(added):
            app = layer(app, *arguments, **options)
        return app


def create_app(
    settings: Settings | None = None, load: Load = load_model, newer: Newer = newer_model
) -> FastAPI:
    """The service for these settings, or for the environment's.

    The model is loaded when the server starts the application, not here.
    """
    service = Service(settings if settings is not None else read_settings())
    app = _Application(
        title={{ cookiecutter.package_name }}.PROJECT + " predictions",
        version="1",
        lifespan=lifespan(service, load, newer),
        redirect_slashes=False,
        docs_url=None,
        redoc_url=None,
        # `tracing.py` has the traces: the framework's own would look for theirs at each request.
        telemetry={"tracing": False, "metrics": False, "logs": False},
    )
    app.state.service, app.state.paths = service, {app.openapi_url}
    problems.install(app)
    # The last that is added is the first that a request meets.
    guards, observer = Guards(service), Observer(service, app.state.paths)
    app.add_middleware(Heads)
    app.add_middleware(Shortcut, service=service)
    app.add_middleware(Guarded, service=service, guards=guards)
    if service.settings.cors_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=service.settings.cors_origins,
            allow_methods=["GET", "POST"],
            allow_headers=[
                "Authorization",
                "Content-Type",
                "Traceparent",
                "X-API-Key",
                "X-Request-ID",
                HEADER,
            ],
            expose_headers=["X-Request-ID", "Traceresponse", "Retry-After", HEADER],
        )
    app.add_middleware(Observed, observer=observer)
    app.add_middleware(OneSentence)
    # Pages of other origins are told by a layer that they may read the answer: it has to be met.
    met = service.settings.cors_origins
    app.state.at_once = None if met else AtOnce(service, guards, observer)
    app.state.layers = len(app.user_middleware)
    for routes in (predict, protocol, feedback, model, reload, health, docs):
        app.include_router(routes.router)
        app.state.paths |= {getattr(route, "path", "") for route in routes.router.routes}
    _describe(app, service)
    return app


def _describe(app: FastAPI, service: Service) -> None:
    def document() -> dict[str, Any]:
        try:
            schema = service.served.predictor.info.data_schema
        except ModelNotFound:
            schema = None
        return openapi.document(app, schema, service.settings)

    app.openapi = document  # type: ignore[method-assign]
