"""The application, put together."""

from typing import Any

from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware

import {{ cookiecutter.package_name }}
from {{ cookiecutter.package_name }}.schemas.errors import ModelNotFound
from {{ cookiecutter.package_name }}_api import openapi, problems
from {{ cookiecutter.package_name }}_api.guarding import Guarded
from {{ cookiecutter.package_name }}_api.lifespan import OneSentence, lifespan
from {{ cookiecutter.package_name }}_api.loading import Load, Newer, load_model, newer_model
from {{ cookiecutter.package_name }}_api.observing import Observed
from {{ cookiecutter.package_name }}_api.routes import docs, health, model, predict, reload
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
    )
    app.state.service = service
    problems.install(app)
    # The last that is added is the first that a request meets.
    app.add_middleware(Guarded, service=service)
    if service.settings.cors_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=service.settings.cors_origins,
            allow_methods=["GET", "POST"],
            allow_headers=["Authorization", "Content-Type", "X-API-Key", "X-Request-ID"],
            expose_headers=["X-Request-ID", "Retry-After"],
        )
    app.add_middleware(Observed, service=service)
    app.add_middleware(OneSentence)
    for routes in (predict, model, reload, health, docs):
        app.include_router(routes.router)
    _describe(app, service)
    return app


def _describe(app: FastAPI, service: Service) -> None:
    def document() -> dict[str, Any]:
        try:
            schema = service.served.predictor.info.data_schema
        except ModelNotFound:
            schema = None
        return openapi.document(app, schema, service.settings.max_batch_rows)

    app.openapi = document  # type: ignore[method-assign]
