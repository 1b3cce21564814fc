"""From settings to a model that answers, proved by one answer."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from {{ cookiecutter.package_name }}.inference.predictor import Predictor
from {{ cookiecutter.package_name }}.inference.records import features_from_rows
from {{ cookiecutter.package_name }}.schemas.errors import ArtifactMismatch
from {{ cookiecutter.package_name }}.schemas.model import ServedVersion
from {{ cookiecutter.package_name }}_api.examples import example_row
from {{ cookiecutter.package_name }}_api.settings import Settings

if TYPE_CHECKING:
    from {{ cookiecutter.package_name }}.integrations.model_store import FetchedModel


@dataclass(frozen=True)
class Served:
    """The model that answers, which registered version it is, and since when."""

    predictor: Predictor
    version: ServedVersion
    loaded_at: datetime


Load = Callable[[Settings], Served]
"""How the service comes by its model: `load_model`, or a fake in tests."""


def load_model(settings: Settings) -> Served:
    """Find the model that the settings name, load it and let it answer once.

    Raises ModelNotFound, TrackingUnavailable or ArtifactMismatch.
    """
    if settings.model_path is not None:
        path = settings.model_path.expanduser()
        return _warmed(path, ServedVersion(name=settings.mlflow_model_name, version="local"))
    fetched = _fetched(settings)
    return _warmed(fetched.path, fetched.served)


def _fetched(settings: Settings) -> "FetchedModel":
    # The registry is asked in a child process that ends: MLflow never enters this one.
    from {{ cookiecutter.package_name }}.integrations.model_store import fetch_in_child

    return fetch_in_child(
        settings.mlflow_model_name, settings.reference, settings.mlflow_tracking_uri
    )


def _warmed(path: Path, version: ServedVersion) -> Served:
    predictor = Predictor.open(path)
    schema = predictor.info.data_schema
    features = features_from_rows([example_row(schema)], schema, max_rows=1)
    try:
        predictor.predict(features)
    except Exception as error:  # onnxruntime raises a class of its own for each status
        raise ArtifactMismatch(
            f"'{path}' was loaded but cannot answer a row of its own columns "
            f"({type(error).__name__}): export it again."
        ) from error
    return Served(predictor, version, datetime.now(UTC))
