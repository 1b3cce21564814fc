"""A client of the MLflow store whose failures are sentences. Importing mlflow starts here."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from {{ cookiecutter.package_name }}.integrations.stores import unavailable

if TYPE_CHECKING:
    from mlflow import MlflowClient

_QUIET = {
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR": "false",
    "MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT": "true",
}
_TIMEOUT = "MLFLOW_HTTP_REQUEST_TIMEOUT"
_RETRIES = "MLFLOW_HTTP_REQUEST_MAX_RETRIES"
_BACKOFF = "MLFLOW_HTTP_REQUEST_BACKOFF_FACTOR"
_FIRST_ANSWER = {_TIMEOUT: "5", _RETRIES: "1", _BACKOFF: "1"}
_WORK = {_TIMEOUT: "120", _RETRIES: "3", _BACKOFF: "1"}
"""Seconds and counts. A server that never answered is given up soon, one that did is waited
for: it may be storing a large file. Variables that are set are left as they are."""


def connect(uri: str) -> "MlflowClient":
    """A client of tracking store and registry, both at `uri`; nothing is asked of them yet."""
    for name, value in _QUIET.items():
        os.environ.setdefault(name, value)

    import mlflow

    mlflow.set_tracking_uri(uri)  # what resolves `models:/` addresses asks for it
    mlflow.set_registry_uri(uri)
    return mlflow.MlflowClient(tracking_uri=uri, registry_uri=uri)


@contextmanager
def answering(uri: str) -> Iterator[None]:
    """Turn every failure of the store in this block into TrackingUnavailable with a sentence."""
    from mlflow.exceptions import MlflowException
    from requests import RequestException
    from sqlalchemy.exc import SQLAlchemyError

    try:
        yield
    except (MlflowException, RequestException, SQLAlchemyError) as error:
        raise unavailable(uri, error) from error


@contextmanager
def first_words(uri: str) -> Iterator[None]:
    """`answering`, with little patience: for the first question to a store."""
    free = [name for name in _WORK if name not in os.environ]
    os.environ.update({name: _FIRST_ANSWER[name] for name in free})
    try:
        with answering(uri):
            yield
    finally:
        os.environ.update({name: _WORK[name] for name in free})


@contextmanager
def patience(seconds: int, retries: int) -> Iterator[None]:
    """Calls in this block take at most so long, whatever the environment allows others."""
    former = {name: os.environ.get(name) for name in _WORK}
    wanted = {_TIMEOUT: str(seconds), _RETRIES: str(retries), _BACKOFF: "1"}
    os.environ.update({name: _smaller(former[name], value) for name, value in wanted.items()})
    try:
        yield
    finally:
        for name, value in former.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def _smaller(stated: str | None, most: str) -> str:
    return stated if stated is not None and stated.isdigit() and int(stated) < int(most) else most


def is_missing(error: Exception) -> bool:
    """Whether MLflow says that what was asked for does not exist."""
    # An alias that is not set is an invalid parameter to a database store.
    code = getattr(error, "error_code", "")
    return code == "RESOURCE_DOES_NOT_EXIST" or (
        code == "INVALID_PARAMETER_VALUE" and "not found" in str(error)
    )
