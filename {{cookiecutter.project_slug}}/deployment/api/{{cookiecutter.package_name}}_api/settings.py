"""What the service reads from its environment, all of it, in one place."""

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, ValidationError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

import {{ cookiecutter.package_name }}
from {{ cookiecutter.package_name }}.schemas.errors import ConfigError


def _lower(value: object) -> object:
    return value.lower() if isinstance(value, str) else value


def _names(value: object) -> object:
    """A list, as a variable has it: names with commas between them."""
    if not isinstance(value, str):
        return value
    return tuple(name.strip().lower() for name in value.split(",") if name.strip())


Names = Annotated[tuple[str, ...] | None, NoDecode, BeforeValidator(_names)]


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
    model_poll_seconds: float = Field(
        60,
        ge=0,
        description="Seconds between two looks for the alias's version; 0: only /v1/reload looks",
    )
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
    max_concurrent_requests: int = Field(
        256, ge=1, description="Most requests in progress; more are refused with 503"
    )
    max_wait_seconds: float = Field(
        1,
        gt=0,
        description="Seconds that a request may wait for its turn before others are refused",
    )
    request_timeout_seconds: float = Field(
        30, gt=0, description="Seconds in which a body must come, and a batch be answered"
    )
    allowed_hosts: Names = Field(
        None, description="Hosts that requests may name; * for any; this machine's own always"
    )
    cors_origins: Names = Field(
        None, description="Origins whose pages may ask from a browser; * for any"
    )
    web_concurrency: int = Field(1, ge=1, le=64, description="Processes that answer")
    api_keys_file: Path | None = Field(
        None, description="Digests of the keys that clients show; without it anybody may ask"
    )
    operator_keys_file: Path | None = Field(
        None, description="Digests of the keys that may reload; without it nobody may"
    )

    @property
    def reference(self) -> str:
        """The version number, or else the alias, that names the registered version."""
        return self.mlflow_model_version or self.mlflow_model_alias

    @property
    def watched(self) -> bool:
        """Whether what answers may change: a file and a fixed version stay what they are."""
        return self.model_path is None and self.mlflow_model_version is None


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
