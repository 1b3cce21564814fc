"""The prediction log of one service: put together, started, stopped, and told of requests."""

import logging
import threading
from collections.abc import Callable, Sequence
from typing import Self

from prometheus_client import CollectorRegistry

from {{ cookiecutter.package_name }}.integrations.prediction_log.urls import log_url
from {{ cookiecutter.package_name }}.schemas.prediction_log import PredictionStore
from {{ cookiecutter.package_name }}.utils.paths import project_root
from {{ cookiecutter.package_name }}_api.answered import Answered
from {{ cookiecutter.package_name }}_api.models.loading import Served
from {{ cookiecutter.package_name }}_api.prediction_log.columns import Privacy
from {{ cookiecutter.package_name }}_api.prediction_log.counters import Counters
from {{ cookiecutter.package_name }}_api.prediction_log.disk import Disk
from {{ cookiecutter.package_name }}_api.prediction_log.entries import LabelEntry
from {{ cookiecutter.package_name }}_api.prediction_log.gathering import MOST_ROWS, MOST_TOGETHER
from {{ cookiecutter.package_name }}_api.prediction_log.models import Models
from {{ cookiecutter.package_name }}_api.prediction_log.opening import store_of
from {{ cookiecutter.package_name }}_api.prediction_log.pruning import Pruning
from {{ cookiecutter.package_name }}_api.prediction_log.queue import Queue
from {{ cookiecutter.package_name }}_api.prediction_log.sampling import in_sample, sampled
from {{ cookiecutter.package_name }}_api.prediction_log.stored import Stored
from {{ cookiecutter.package_name }}_api.prediction_log.troubles import Signs, Troubles
from {{ cookiecutter.package_name }}_api.prediction_log.writer import FLUSH_SECONDS, QUEUE, Writer
from {{ cookiecutter.package_name }}_api.settings import Settings

_log = logging.getLogger(__name__)

OFF = "none"
_MORE_SECONDS = 1.5


class PredictionLog:
    """Keeps requests in memory until a thread of its own has written them."""

    def __init__(
        self,
        settings: Settings,
        connect: Callable[[], PredictionStore],
        registry: CollectorRegistry,
        waiting: Callable[[], float],
    ) -> None:
        """ConfigError where the settings of the log contradict each other."""
        self._share = settings.prediction_log_sample
        self._privacy = Privacy(
            settings.prediction_log_drop_columns or (),
            settings.prediction_log_hash_columns or (),
            (settings.prediction_log_hash_key or "").encode(),
        )
        self._some = some = threading.Event()
        self._signs = signs = Signs(Counters(registry), Troubles())
        self._queue = Queue(
            settings.prediction_log_queue,
            settings.prediction_log_queue_bytes,
            Models(self._privacy, signs),
            signs.counters,
            lambda: None if some.is_set() else some.set(),
        )
        disk = Disk(
            project_root() / settings.prediction_log_spill.expanduser(),
            settings.prediction_log_spill_bytes,
            signs,
        )
        self._writer = Writer(
            self._queue,
            disk,
            Stored(connect(), signs),
            signs,
            some,
            waiting,
        )
        self._pruning = Pruning(settings.prediction_log_days, connect)
        self._thread = threading.Thread(target=self._writer.run, name="prediction-log", daemon=True)

    @classmethod
    def of(
        cls, settings: Settings, registry: CollectorRegistry, waiting: Callable[[], float]
    ) -> Self | None:
        """The log that the settings name; None where it is off. ConfigError for a bad URL.

        `waiting` says for how many seconds a request waits for its turn now.
        """
        url = log_url(settings.prediction_log_url)
        if url.lower() == OFF or not settings.prediction_log_sample:
            return None
        return cls(settings, lambda: store_of(url), registry, waiting)

    def require_columns(self, served: Served) -> None:
        """ConfigError where the settings name columns that this model has not."""
        self._privacy.check(served.predictor.info.data_schema)

    def start(self, served: Served) -> None:
        """Write from now on; ConfigError as `require_columns`."""
        self.require_columns(served)
        self._thread.start()
        self._pruning.start()

    def flush(self) -> None:
        """Let the thread have what came so far: asked for every moment by the event loop."""
        self._queue.flush()

    def stop(self) -> None:
        """Write what waits, or leave it on the disk, within a few seconds."""
        self.flush()
        self._pruning.stop()
        self._writer.stopping.set()
        self._some.set()
        self._thread.join(FLUSH_SECONDS + _MORE_SECONDS)
        if self._thread.is_alive():  # the store neither answers nor refuses
            self._writer.save()

    def keep(self, answered: Answered) -> None:
        """Take answered requests: a `Listener`."""
        sample = answered if self._share == 1 else sampled(answered, self._share)
        for part in () if sample is None else sample.parts(MOST_TOGETHER, MOST_ROWS):
            if not self._queue.put(part):
                self._fill(part)

    def _fill(self, answered: Answered) -> None:
        """Put what there is still room for, and count the rest."""
        lost = sum(not self._queue.put(one) for one in answered.parts(1, 1))
        if lost:
            self._signs.counters.dropped("full", lost)
            self._signs.troubles.note(QUEUE, "neither the store nor the disk keeps up")

    def samples(self, request_id: str) -> bool:
        """Whether a request of this id is kept."""
        return in_sample(request_id, self._share)

    def keep_labels(self, labels: Sequence[LabelEntry]) -> bool:
        """Take the labels of one request, all or none."""
        if not self._queue.room(len(labels)):
            return False
        for label in labels:
            self._queue.put_label(label)
        return True

    def check(self) -> str:
        """'ok', or why not all is kept."""
        return self._signs.troubles.told()
