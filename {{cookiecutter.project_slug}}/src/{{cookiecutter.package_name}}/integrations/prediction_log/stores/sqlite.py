"""A SQLite file: nothing to install, and several processes of one machine may write."""

from pathlib import Path
from typing import TYPE_CHECKING

from {{ cookiecutter.package_name }}.integrations.prediction_log.urls import shown
from {{ cookiecutter.package_name }}.schemas.errors import ConfigError
from {{ cookiecutter.package_name }}.utils.paths import project_root

if TYPE_CHECKING:
    from {{ cookiecutter.package_name }}.integrations.prediction_log.sql_reading import SqlReader
    from {{ cookiecutter.package_name }}.integrations.prediction_log.sqlite_store import SqliteStore

SCHEMES = ("sqlite",)
_START = "sqlite:///"


def check(url: str) -> None:
    """ConfigError for a URL that names no file."""
    _path(url)


def is_made(url: str) -> bool:
    """Whether it can be written as it is."""
    from {{ cookiecutter.package_name }}.integrations.prediction_log.sqlite_file import is_newest

    return is_newest(_path(url))


def open_store(url: str) -> "SqliteStore":
    """A store in the file that a URL names; a relative path starts at the project root."""
    from {{ cookiecutter.package_name }}.integrations.prediction_log.sqlite_store import SqliteStore

    return SqliteStore(url, _path(url))


def open_reader(url: str) -> "SqlReader":
    """A reader of that file."""
    from {{ cookiecutter.package_name }}.integrations.prediction_log.sql_reading import SqlReader
    from {{ cookiecutter.package_name }}.integrations.prediction_log.sqlite import SqliteDatabase

    return SqlReader(SqliteDatabase(url, _path(url)))


def _path(url: str) -> Path:
    path = url.removeprefix(_START)
    if path == url or not path or path.startswith((":memory:", "?")):
        raise ConfigError(
            f"The prediction log's URL is '{shown(url)}', which names no file: expected "
            "sqlite:///predictions.db, with three slashes, or four for an absolute path."
        )
    return project_root() / path
