"""Which MLflow store this process speaks to, and what is said when it does not answer."""

import os
import re
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from {{ cookiecutter.package_name }}.schemas.errors import ConfigError, TrackingUnavailable
from {{ cookiecutter.package_name }}.utils.paths import project_root

VARIABLE = "MLFLOW_TRACKING_URI"
_SQLITE = "sqlite:///"


def tracking_uri(configured: str | None = None) -> str:
    """`MLFLOW_TRACKING_URI`, else `configured`, else `mlflow.db` at the project root.

    A relative SQLite path starts at the project root, so that one setting means one store from
    every working directory. Raises ConfigError for a folder: MLflow no longer keeps runs in one.
    """
    stated = os.environ.get(VARIABLE) or configured
    if not stated:
        return f"{_SQLITE}{project_root() / 'mlflow.db'}"
    if stated.startswith(_SQLITE):
        return f"{_SQLITE}{project_root() / stated.removeprefix(_SQLITE)}"
    if "://" not in stated and not stated.startswith("databricks"):
        raise ConfigError(
            f"The MLflow tracking URI is '{stated}', which is a folder: give a server "
            "(http://host:5000) or a database (sqlite:///mlflow.db)."
        )
    if stated.startswith("file:"):
        raise ConfigError(
            f"The MLflow tracking URI is '{stated}': MLflow no longer keeps runs in folders; "
            "give a server (http://host:5000) or a database (sqlite:///mlflow.db)."
        )
    return stated


def artifact_location(uri: str) -> str | None:
    """Where a new experiment keeps its files: beside a SQLite store; None lets a server choose."""
    if uri.startswith(_SQLITE):
        return (Path(uri.removeprefix(_SQLITE)).parent / "mlartifacts").as_uri()
    return None if uri.startswith(("http", "databricks")) else _project_artifacts()


def _project_artifacts() -> str:
    return (project_root() / "mlartifacts").as_uri()


def exists(uri: str) -> bool:
    """False for a SQLite store that nothing was written to yet; elsewhere only asking can tell."""
    return not uri.startswith(_SQLITE) or Path(uri.removeprefix(_SQLITE)).is_file()


def without_password(uri: str) -> str:
    """The URI as it may be printed: a user's name and password are left out."""
    parts = urlsplit(uri)
    if "@" not in parts.netloc:
        return uri
    return urlunsplit(parts._replace(netloc=f"…@{parts.netloc.rpartition('@')[2]}"))


_REASONS = {
    "connection refused": "connection refused",
    "name or service not known": "its name is unknown",
    "nodename nor servname": "its name is unknown",
    "failed to resolve": "its name is unknown",
    "timed out": "no answer in time",
    "network is unreachable": "the network is unreachable",
    "no route to host": "there is no route to it",
    "database is locked": "another process keeps it locked",
    "unable to open database file": "the file cannot be opened",
}


def reason(error: BaseException) -> str:
    """Why a store did not answer, in a few words; what libraries say in a page is shortened."""
    text = " ".join(str(error).split()) or type(error).__name__
    for sign, words in _REASONS.items():
        if sign in text.lower():
            return words
    return re.sub(r"//[^/@\s]+@", "//…@", _without_statement(text))[:300]


def _without_statement(text: str) -> str:
    """What a library of databases says, without its own class, the statement and a link."""
    words = re.split(r"\s*\[SQL:|\s*\(Background on this error", text, maxsplit=1)[0]
    return re.sub(r"^\([\w.]+\)\s+", "", words) or text


def unavailable(uri: str, error: BaseException | str) -> TrackingUnavailable:
    """The sentence for a store that does not answer, or answers with an error."""
    why = error if isinstance(error, str) else reason(error)
    what = "server at" if uri.startswith("http") else "store"
    return TrackingUnavailable(
        f"The MLflow {what} '{without_password(uri)}' cannot be used ({why}): see that it runs "
        f"and can be reached, or correct {VARIABLE}; unset, the project's own store is used."
    )
