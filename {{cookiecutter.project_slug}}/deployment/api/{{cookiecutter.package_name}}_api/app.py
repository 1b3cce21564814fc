"""The application, put together."""

from typing import Any

from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware

import {{ cookiecutter.package_name }}
from {{ cookiecutter.package_name }}.schemas.errors import ModelNotFound
from {{ cookiecutter.package_name }}_api import openapi, problems
from {{ cookiecutter.package_name }}_api.answering.shortcut import Shortcut
from {{ cookiecutter.package_name }}_api.guards.guarding import Guarded
from {{ cookiecutter.package_name }}_api.lifespan import OneSentence, lifespan
from {{ cookiecutter.package_name }}_api.models.following import Newer
from {{ cookiecutter.package_name }}_api.models.loading import Load, load_model, newer_model
from {{ cookiecutter.package_name }}_api.observing.requests import Observed
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


def create_app(
    settings: Settings | None = None, load: Load = load_model, newer: Newer = newer_model
) -> FastAPI:
    """The service for these settings, or for the environment's.

    The model is loaded when the server starts the application, not here.
    """
    service = Service(settings if settings is not None else read_settings())
    app = FastAPI(
        title={{ cookiecutter.package_name }}.PROJECT + " predictions",
        version="1",
        lifespan=lifespan(service, load, newer),
        redirect_slashes=False,
        docs_url=None,
        redoc_url=None,
        # `tracing.py` has the traces: the framework's own would look for theirs at each request.
        telemetry={"tracing": False, "metrics": False, "logs": False},
    )
    app.state.service, app.state.paths = service, set()
    problems.install(app)
    # The last that is added is the first that a request meets.
    app.add_middleware(Heads)
    app.add_middleware(Shortcut, service=service)
    app.add_middleware(Guarded, service=service)
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
    app.add_middleware(Observed, service=service)
    app.add_middleware(OneSentence)
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
