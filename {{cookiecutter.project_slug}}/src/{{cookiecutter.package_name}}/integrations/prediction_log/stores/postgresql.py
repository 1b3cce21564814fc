"""A PostgreSQL database: many machines may write, and people ask it while they do."""

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from {{ cookiecutter.package_name }}.integrations.prediction_log.urls import shown
from {{ cookiecutter.package_name }}.schemas.errors import ConfigError

if TYPE_CHECKING:
    from {{ cookiecutter.package_name }}.integrations.prediction_log.postgres_store import (
        PostgresStore,
    )
    from {{ cookiecutter.package_name }}.integrations.prediction_log.sql_reading import SqlReader

SCHEMES = ("postgres", "postgresql")
_NEVER = 1e15


def check(url: str) -> None:
    """ConfigError for a URL that names no database, or another driver."""
    _checked(url)


def is_made(url: str) -> bool:
    """Whether it can be written as it is."""
    from {{ cookiecutter.package_name }}.schemas.errors import StoreUnavailable
    from {{ cookiecutter.package_name }}.schemas.logged_rows import Selection

    reader = open_reader(url)
    try:
        for _ in reader.pieces(Selection(since=_NEVER)):
            pass
    except StoreUnavailable:
        return False
    finally:
        reader.close()
    return True


def open_store(url: str) -> "PostgresStore":
    """A store in the database that a URL names."""
    from {{ cookiecutter.package_name }}.integrations.prediction_log.postgres import PostgresDatabase
    from {{ cookiecutter.package_name }}.integrations.prediction_log.postgres_store import (
        PostgresStore,
    )

    return PostgresStore(PostgresDatabase(_checked(url)))


def open_reader(url: str) -> "SqlReader":
    """A reader of that database."""
    from {{ cookiecutter.package_name }}.integrations.prediction_log.postgres import PostgresDatabase
    from {{ cookiecutter.package_name }}.integrations.prediction_log.sql_reading import SqlReader

    return SqlReader(PostgresDatabase(_checked(url)))


def _checked(url: str) -> str:
    """The URL; ConfigError where it names no database, or another driver."""
    try:
        parts = urlsplit(url)
        named = bool(parts.path.strip("/")) and (parts.port is None or parts.port > 0)
    except ValueError:
        named = False
    if not named or url.partition("://")[0].partition("+")[2] not in ("", "psycopg"):
        raise ConfigError(
            f"The prediction log's URL is '{shown(url)}': expected "
            "postgresql://user:password@host:5432/database."
        )
    return url
