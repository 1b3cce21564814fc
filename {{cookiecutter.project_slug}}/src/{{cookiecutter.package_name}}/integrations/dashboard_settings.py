"""What the dashboard reads from its environment, all of it, in one place."""

import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

import {{ cookiecutter.package_name }}
from {{ cookiecutter.package_name }}.schemas.errors import ConfigError

LOCAL = "local"
_OWN = frozenset({"localhost", "127.0.0.1", "::1"})
_EXPECTED = {
    "api_url": "'local', or an address such as http://127.0.0.1:8000",
    "dashboard_port": "a whole number from 1 to 65535",
    "dashboard_upload_mb": "a whole number from 1 to 2000",
    "dashboard_user_header": "the name of a header, such as X-Forwarded-User",
}


class DashboardSettings(BaseSettings):
    """Each field is the environment variable of the same name in capitals.

    An empty variable counts as one that is not set.
    """

    model_config = SettingsConfigDict(env_ignore_empty=True, frozen=True, extra="forbid")

    api_url: str = Field(
        LOCAL,
        description="The service that predictions are asked of; local answers in this process",
    )
    api_key_file: Path | None = Field(
        None, description="File with the key that the service asks for"
    )
    dashboard_host: str = Field(
        "127.0.0.1", description="Address to listen on; 0.0.0.0 for all of the machine's"
    )
    dashboard_port: int = Field(8501, ge=1, le=65535, description="Port to listen on")
    dashboard_upload_mb: int = Field(
        20, ge=1, le=2000, description="Most megabytes of one uploaded file"
    )
    dashboard_password_file: Path | None = Field(
        None, description="File whose first line visitors must know"
    )
    dashboard_user_header: str | None = Field(
        None,
        pattern=r"^[A-Za-z0-9-]+$",
        description="Header in which a proxy says who asks; without it nobody is let in",
    )
    dashboard_allowed_hosts: str = Field(
        "", description="Names by which visitors may call it, with commas between them"
    )
    mlflow_tracking_uri: str | None = Field(
        None, description="MLflow server or database; the project's own store where it is not set"
    )
    mlflow_model_name: str = Field(
        {{ cookiecutter.package_name }}.PROJECT,
        description="Registered model whose versions are shown",
    )
    mlflow_model_alias: str = Field(
        "prod", description="Alias whose version answers where no service is asked"
    )

    @field_validator("api_url")
    @classmethod
    def _is_address(cls, value: str) -> str:
        # A port that is none, or half an IPv6 address, is found when it is asked for.
        parts = urlsplit(value)
        known = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
        if value != LOCAL and (not known or re.search(r"\s", value)):
            raise ValueError(_EXPECTED["api_url"])
        return value

    @property
    def most_bytes(self) -> int:
        """Most bytes of one uploaded file."""
        return self.dashboard_upload_mb * 1_000_000

    @property
    def named_hosts(self) -> frozenset[str]:
        """Names by which it may be called, as DASHBOARD_ALLOWED_HOSTS says them."""
        names = self.dashboard_allowed_hosts.split(",")
        return frozenset(name.strip().lower() for name in names) - {""}

    @property
    def hosts(self) -> frozenset[str] | None:
        """Names by which it may be called beside this machine's own; None for any."""
        named = self.named_hosts
        if "*" in named or not (named or self.dashboard_host in _OWN):
            return None
        return frozenset(named | _OWN | {self.dashboard_host.lower()})

    def api_key(self) -> str | None:
        """The key for the service; ConfigError where its file cannot be read."""
        return _first_line("API_KEY_FILE", self.api_key_file)

    def password(self) -> str | None:
        """What visitors must know; ConfigError where its file cannot be read."""
        return _first_line("DASHBOARD_PASSWORD_FILE", self.dashboard_password_file)


def read_dashboard_settings(**given: Any) -> DashboardSettings:
    """The environment's settings, those `given` by field name before them.

    Raises ConfigError with a sentence for each value that cannot be used.
    """
    try:
        return DashboardSettings(**given)
    except ValidationError as error:
        raise ConfigError("\n".join(_sentence(dict(one)) for one in error.errors())) from error


def _first_line(variable: str, path: Path | None) -> str | None:
    """A secret that a file holds: environments are seen by more eyes than files."""
    if path is None:
        return None
    try:
        text = path.expanduser().read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{variable} is '{path}', which cannot be read: {error}.") from error
    if not (first := text.partition("\n")[0].strip()):
        raise ConfigError(f"{variable} is '{path}', whose first line is empty.")
    return first


def _sentence(error: dict[str, Any]) -> str:
    field = ".".join(str(part) for part in error["loc"])
    expected = _EXPECTED.get(field) or error["msg"].removeprefix("Input should be ")
    return f"{field.upper()} is '{_printable(str(error['input']))}': expected {expected}."


def _printable(value: str) -> str:
    """Without what stands before an `@`: in an address, a name and a password."""
    before, at, after = value.rpartition("@")
    scheme, bars, _ = before.partition("://")
    return f"{scheme if bars else ''}{bars}…@{after}" if at else value
