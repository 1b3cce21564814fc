"""The registered model in this process: answers where no service runs."""

import threading
from datetime import UTC, datetime
from time import monotonic, perf_counter

from {{ cookiecutter.package_name }}.inference.predictor import Predictor
from {{ cookiecutter.package_name }}.integrations.dashboard_settings import (
    LOCAL,
    DashboardSettings,
)
from {{ cookiecutter.package_name }}.integrations.model_store import fetch
from {{ cookiecutter.package_name }}.integrations.service_client import ServiceClient
from {{ cookiecutter.package_name }}.schemas.errors import ProjectError, ServiceError
from {{ cookiecutter.package_name }}.schemas.model import Predictions, ServedVersion
from {{ cookiecutter.package_name }}.schemas.serving import (
    Answer,
    Answering,
    Row,
    ServedModel,
)

_LOOK_SECONDS = 5.0
_PATIENCE_SECONDS = 60.0
_MOST_ROWS = 1000


def open_model(settings: DashboardSettings) -> Answering:
    """What the settings say that predictions are asked of; nothing is asked of it yet."""
    if settings.api_url != LOCAL:
        return ServiceClient(settings.api_url, key=settings.api_key())
    name, alias = settings.mlflow_model_name, settings.mlflow_model_alias
    return LocalModel(name, alias, settings.mlflow_tracking_uri)


class LocalModel:
    """The version that an alias names, loaded here; safe to share between threads.

    The registry is looked at again when the last look is `look_seconds` ago: an alias that moved
    is followed. While the registry is away the version that was loaded goes on answering.
    """

    def __init__(
        self, name: str, alias: str, uri: str | None, look_seconds: float = _LOOK_SECONDS
    ) -> None:
        self._name, self._alias, self._uri = name, alias, uri
        self._look_seconds = look_seconds
        self._lock = threading.Lock()
        self._loaded: tuple[Predictor, ServedVersion, datetime] | None = None
        self._next_look = 0.0

    def close(self) -> None:
        """There is nothing to let go of."""

    def model(self) -> ServedModel:
        """The model that answers now.

        Raises ModelNotFound, TrackingUnavailable or ArtifactMismatch where none could be loaded.
        """
        predictor, version, loaded_at = self._current()
        info = predictor.info
        schema = info.data_schema
        return ServedModel(
            name=version.name,
            version=version.version,
            alias=version.alias,
            model_name=info.model_name,
            data_name=info.data_name,
            loaded_at=loaded_at,
            task=schema.target.task,
            target=schema.target.name,
            classes=schema.target.classes or None,
            columns=schema.columns,
            image_shape=schema.image_shape,
            metrics=info.metrics,
        )

    def predict(self, rows: list[Row]) -> Answer:
        """Predictions for these rows; InvalidRequest with an entry a refused value."""
        predictor, version, _ = self._current()
        started = perf_counter()
        predictions = predictor.predict(predictor.rows.read(rows, _MOST_ROWS))
        milliseconds = (perf_counter() - started) * 1000
        classes = predictor.info.data_schema.target.classes
        return _answer(predictions, classes, version.version, milliseconds)

    def counters(self) -> str:
        """Nothing is counted here: ServiceError says how to have it."""
        raise ServiceError(
            "No service is asked: this dashboard answers by itself. To watch a service, start "
            "one with `uv run serve`, then `uv run dashboard --api-url http://127.0.0.1:8000`."
        )

    def _current(self) -> tuple[Predictor, ServedVersion, datetime]:
        with self._lock:
            if self._loaded is None:
                self._loaded = self._look(None)
            elif monotonic() >= self._next_look:
                try:
                    self._loaded = self._look(self._loaded)
                except ProjectError:
                    # A page must not wait for the registry's time-out at each click.
                    self._next_look = monotonic() + _PATIENCE_SECONDS
            return self._loaded

    def _look(
        self, loaded: tuple[Predictor, ServedVersion, datetime] | None
    ) -> tuple[Predictor, ServedVersion, datetime]:
        found = fetch(self._name, self._alias, self._uri)
        self._next_look = monotonic() + self._look_seconds
        if loaded is not None and loaded[1] == found.served:
            return loaded
        return Predictor.open(found.path), found.served, datetime.now(UTC)


def _answer(
    predictions: Predictions, classes: tuple[str, ...], version: str, milliseconds: float
) -> Answer:
    chances = predictions.probabilities
    return Answer(
        values=tuple(predictions.values.tolist()),
        probabilities=() if chances is None else tuple(map(tuple, chances.tolist())),
        classes=classes if chances is not None else (),
        version=version,
        milliseconds=milliseconds,
    )
