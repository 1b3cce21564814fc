"""Where a Triton server is, from the environment."""

from typing import Any

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from {{ cookiecutter.package_name }} import PROJECT
from {{ cookiecutter.package_name }}.schemas.errors import ConfigError


class TritonSettings(BaseSettings):
    """Each field is the environment variable of the same name in capitals, after `TRITON_`."""

    model_config = SettingsConfigDict(env_prefix="triton_", env_ignore_empty=True, frozen=True)

    url: str = Field(description="grpc://host:8001 or http://host:8000; grpcs, https: with TLS")
    model_name: str = Field(PROJECT, description="What the server calls the model")
    timeout_seconds: float = Field(5, gt=0, description="Deadline of each answer of the server")
    start_seconds: float = Field(
        30, ge=0, description="How long the service waits at its start until the server is ready"
    )


def read_settings() -> TritonSettings:
    """The environment's settings; ConfigError with a sentence for each that cannot be used."""
    try:
        return TritonSettings()
    except ValidationError as error:
        raise ConfigError("\n".join(_sentence(dict(one)) for one in error.errors())) from error


def _sentence(error: dict[str, Any]) -> str:
    variable = f"TRITON_{error['loc'][0].upper()}"
    if error["type"] == "missing":
        return f"{variable} is not set: expected grpc://host:8001 or http://host:8000."
    expected = error["msg"].removeprefix("Input should be ")
    return f"{variable} is '{error['input']}': expected {expected}."
