"""What the service reads from its environment, all of it, in one place."""

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, ValidationError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

import {{ cookiecutter.package_name }}
from {{ cookiecutter.package_name }}.schemas.errors import ConfigError
from {{ cookiecutter.package_name }}_api.guards.limits import RATE_PATTERN
from {{ cookiecutter.package_name }}_api.wrong_settings import sentence


def _lower(value: object) -> object:
    return value.lower() if isinstance(value, str) else value


def _names(value: object) -> object:
    """A list, as a variable has it: names with commas between them."""
    if not isinstance(value, str):
        return value
    return tuple(name.strip().lower() for name in value.split(",") if name.strip())


Names = Annotated[tuple[str, ...] | None, NoDecode, BeforeValidator(_names)]


def _columns(value: object) -> object:
    """As `_names`, in the letters that they have."""
    if not isinstance(value, str):
        return value
    return tuple(name.strip() for name in value.split(",") if name.strip())


Columns = Annotated[tuple[str, ...] | None, NoDecode, BeforeValidator(_columns)]


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
    start_with_kept_copy: bool = Field(
        False, description="Start with the version that answered here last, and then ask"
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
        description="Seconds that a request may wait for its turn before it is refused",
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

    api_key_rate: str | None = Field(
        None,
        pattern=f"^{RATE_PATTERN}$",
        description="Requests that each key may send: 100/s, 30/min, 500/h; without it any number",
    )

    prediction_log_url: str | None = Field(
        None, description="Database that keeps what was answered; none: nothing is kept"
    )
    prediction_log_sample: float = Field(
        1, ge=0, le=1, description="Share of the requests that are kept"
    )
    prediction_log_days: float = Field(
        0, ge=0, description="Days after which a kept request is deleted; 0: never"
    )
    prediction_log_drop_columns: Columns = Field(None, description="Columns that are not kept")
    prediction_log_hash_columns: Columns = Field(
        None, description="Columns that are kept as hashes alone"
    )
    prediction_log_hash_key: str | None = Field(
        None, repr=False, description="Secret of the hashes, 16 characters or more"
    )
    prediction_log_queue: int = Field(
        20_000, ge=1, description="Most requests that wait in memory to be kept"
    )
    prediction_log_queue_bytes: int = Field(
        16_777_216, ge=1, description="Most bytes that wait in memory to be kept"
    )
    prediction_log_spill: Path = Field(
        Path(".cache/prediction-log"), description="Folder for what the database cannot take yet"
    )
    prediction_log_spill_bytes: int = Field(
        1_073_741_824, ge=0, description="Most bytes that a process puts there"
    )

    micro_batch_milliseconds: float = Field(
        0, ge=0, le=1000, description="How long requests wait to be run together; 0: they do not"
    )
    micro_batch_rows: int = Field(
        64, ge=2, description="Most rows that are run together; more in one request run alone"
    )

    inference_backend: Annotated[str, BeforeValidator(_lower)] = Field(
        "onnxruntime", description="What runs the model"
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
        raise ConfigError("\n".join(sentence(dict(one)) for one in error.errors())) from error
