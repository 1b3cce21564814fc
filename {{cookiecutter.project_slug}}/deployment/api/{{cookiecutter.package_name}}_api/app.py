"""The application, put together."""

from typing import Any

from fastapi import FastAPI

import {{ cookiecutter.package_name }}
from {{ cookiecutter.package_name }}.schemas.errors import ModelNotFound
from {{ cookiecutter.package_name }}_api import openapi, problems
from {{ cookiecutter.package_name }}_api.lifespan import OneSentence, lifespan
from {{ cookiecutter.package_name }}_api.loading import Load, load_model
from {{ cookiecutter.package_name }}_api.observing import Observed
from {{ cookiecutter.package_name }}_api.routes import health, model, predict
from {{ cookiecutter.package_name }}_api.service import Service
from {{ cookiecutter.package_name }}_api.settings import Settings, read_settings


def create_app(settings: Settings | None = None, load: Load = load_model) -> FastAPI:
    """The service for these settings, or for the environment's.

    The model is loaded when the server starts the application, not here.
    """
    service = Service(settings if settings is not None else read_settings())
    app = FastAPI(
        title={{ cookiecutter.package_name }}.PROJECT + " predictions",
        version="1",
        lifespan=lifespan(service, load),
        redirect_slashes=False,
    )
    app.state.service = service
    problems.install(app)
    app.add_middleware(Observed, metrics=service.metrics)
    app.add_middleware(OneSentence)
    for routes in (predict, model, health):
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
