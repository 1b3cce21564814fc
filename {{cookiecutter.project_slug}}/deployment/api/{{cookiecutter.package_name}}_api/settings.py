"""What the service reads from its environment, all of it, in one place."""

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

import {{ cookiecutter.package_name }}
from {{ cookiecutter.package_name }}.schemas.errors import ConfigError


def _lower(value: object) -> object:
    return value.lower() if isinstance(value, str) else value


class Settings(BaseSettings):
    """Each field is the environment variable of the same name in capitals.

    An empty variable counts as one that is not set. `model_path` wins over
    `mlflow_model_version`, which wins over `mlflow_model_alias`.
    """

    model_config = SettingsConfigDict(env_ignore_empty=True, frozen=True, extra="forbid")

    mlflow_tracking_uri: str | None = Field(
        None, description="MLflow server or database; the project's own store where it is not set"
    )
    mlflow_model_name: str = Field(
        {{ cookiecutter.package_name }}.PROJECT,
        description="Registered model to serve",
    )
    mlflow_model_alias: str = Field("prod", description="Alias whose version is served")
    mlflow_model_version: str | None = Field(
        None, pattern=r"^[1-9][0-9]*$", description="Version number to serve, whatever the alias"
    )
    model_path: Path | None = Field(None, description="An ONNX file to serve without a registry")
    log_level: Annotated[Literal["debug", "info", "warning", "error"], BeforeValidator(_lower)] = (
        Field("info", description="Least severe log records that are written")
    )
    log_format: Annotated[Literal["text", "json"], BeforeValidator(_lower)] = Field(
        "text", description="Log lines for people, or for collectors"
    )
    api_host: str = Field("127.0.0.1", description="Address to listen on; 0.0.0.0 for all")
    api_port: int = Field(8000, ge=0, le=65535, description="Port to listen on; 0 for a free one")
    max_batch_rows: int = Field(1000, ge=1, description="Most rows in one request")
    max_body_bytes: int = Field(4_194_304, ge=1, description="Most bytes in one request's body")

    @property
    def reference(self) -> str:
        """The version number, or else the alias, that names the registered version."""
        return self.mlflow_model_version or self.mlflow_model_alias


def read_settings(**given: Any) -> Settings:
    """The environment's settings, those `given` by field name before them.

    Raises ConfigError with a sentence for each value that cannot be used.
    """
    try:
        return Settings(**given)
    except ValidationError as error:
        raise ConfigError("\n".join(_sentence(dict(one)) for one in error.errors())) from error


def _sentence(error: dict[str, Any]) -> str:
    name = ".".join(str(part) for part in error["loc"]).upper()
    expected = error["msg"].removeprefix("Input should be ")
    return f"{name} is '{error['input']}': expected {expected}."
