"""The state of one running service."""

from fastapi import Request

from {{ cookiecutter.package_name }}.schemas.errors import ModelNotFound
from {{ cookiecutter.package_name }}_api.loading import Served
from {{ cookiecutter.package_name }}_api.metrics import Metrics
from {{ cookiecutter.package_name }}_api.settings import Settings


class Service:
    """Settings, counters and the model that answers; no model until one was loaded."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.metrics = Metrics()
        self._served: Served | None = None

    @property
    def served(self) -> Served:
        """The model that answers; ModelNotFound before there is one."""
        if self._served is None:
            raise ModelNotFound("No model is loaded yet; ask again when /health/ready says so.")
        return self._served

    def serve(self, served: Served) -> None:
        """Let this model answer from the next request on."""
        self._served = served
        self.metrics.show_model(served)


def service_of(request: Request) -> Service:
    """The service that a request came to."""
    service: Service = request.app.state.service
    return service
