"""What the dashboard reads from its environment, all of it, in one place."""

from typing import Any

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

import {{ cookiecutter.package_name }}
from {{ cookiecutter.package_name }}.schemas.errors import ConfigError


class DashboardSettings(BaseSettings):
    """Each field is the environment variable of the same name in capitals.

    An empty variable counts as one that is not set.
    """

    model_config = SettingsConfigDict(env_ignore_empty=True, frozen=True, extra="forbid")

    api_url: str = Field(
        "http://127.0.0.1:8000",
        pattern=r"^https?://[^\s/]+",
        description="The service that predictions are asked of",
    )
    dashboard_host: str = Field(
        "127.0.0.1", description="Address to listen on; 0.0.0.0 for all of the machine's"
    )
    dashboard_port: int = Field(8501, ge=1, le=65535, description="Port to listen on")
    dashboard_upload_mb: int = Field(
        20, ge=1, le=2000, description="Most megabytes of one uploaded file"
    )
    mlflow_tracking_uri: str | None = Field(
        None, description="MLflow server or database; the project's own store where it is not set"
    )
    mlflow_model_name: str = Field(
        {{ cookiecutter.package_name }}.PROJECT,
        description="Registered model whose versions are shown",
    )


def read_dashboard_settings(**given: Any) -> DashboardSettings:
    """The environment's settings, those `given` by field name before them.

    Raises ConfigError with a sentence for each value that cannot be used.
    """
    try:
        return DashboardSettings(**given)
    except ValidationError as error:
        raise ConfigError("\n".join(_sentence(dict(one)) for one in error.errors())) from error


def _sentence(error: dict[str, Any]) -> str:
    name = ".".join(str(part) for part in error["loc"]).upper()
    expected = error["msg"].removeprefix("Input should be ").removeprefix("String should ")
    return f"{name} is '{error['input']}': expected {expected}."
