"""A model that a server runs: the service asks it there, on the version that it has."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from {{ cookiecutter.package_name }}.schemas.errors import ConfigError
from {{ cookiecutter.package_name }}_api.settings import Settings

if TYPE_CHECKING:
    from {{ cookiecutter.package_name }}.integrations.backends import ModelServer
    from {{ cookiecutter.package_name }}_api.models.loading import Served


def load(settings: Settings) -> "Served | None":
    """What the backend's server answers with; None for a backend that loads files here.

    Raises ConfigError where the settings name a backend that is not there, or a file or version
    that the server could not be told of; a ModelError where the server cannot answer.
    """
    from {{ cookiecutter.package_name }}.integrations import backends

    if settings.inference_backend == backends.DEFAULT:
        return None
    server = backends.named(settings.inference_backend).server()
    if server is None:
        return None
    if not settings.watched:
        raise ConfigError(
            f"INFERENCE_BACKEND is '{server.name}': its server says which version answers, so "
            "neither MODEL_PATH nor MLFLOW_MODEL_VERSION (--model-file, --version) can."
        )
    return _asked(server)


def newer(
    settings: Settings, served: "Served", server: "ModelServer", *, now: bool
) -> "Served | None":
    """The version that the server has now; None where it is `served`, or is not to be asked for."""
    if not (now or settings.model_poll_seconds) or server.current() == served.version:
        return None
    return _asked(server)


def _asked(server: "ModelServer") -> "Served":
    from {{ cookiecutter.package_name }}_api.models.loading import Served

    predictor, version = server.load()
    return Served(predictor, version, datetime.now(UTC), "server", server=server)
