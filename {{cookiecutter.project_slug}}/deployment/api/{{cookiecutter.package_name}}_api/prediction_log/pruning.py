"""Old requests are deleted in a thread of their own: a table may hold millions of them."""

import logging
import threading
from collections.abc import Callable
from time import time

from {{ cookiecutter.package_name }}.schemas.errors import StoreUnavailable
from {{ cookiecutter.package_name }}.schemas.prediction_log import PredictionStore

_log = logging.getLogger(__name__)

_DAY = 86400.0
_FIRST_SECONDS = 60.0
_EVERY_SECONDS = 3600.0


class Pruning:
    """Deletes what is older than `days`, hourly, over a connection that lives as long as that."""

    def __init__(self, days: float, connect: Callable[[], PredictionStore]) -> None:
        self._days, self._connect = days, connect
        self._stopping = threading.Event()

    def start(self) -> None:
        """Begin a minute from now; nothing to do where everything is kept for ever."""
        if self._days:
            # It does not keep the service from stopping: the next one deletes the rest.
            threading.Thread(target=self._run, name="prediction-log-prune", daemon=True).start()

    def stop(self) -> None:
        """Begin no more."""
        self._stopping.set()

    def _run(self) -> None:
        pause = _FIRST_SECONDS
        while not self._stopping.wait(pause):
            pause = _EVERY_SECONDS
            try:
                self.prune()
            except StoreUnavailable as error:  # the writer says so, too, and as long as it lasts
                _log.warning("prediction log: nothing deleted", extra={"reason": str(error)})
            except Exception:  # whatever it is, the next hour comes
                _log.exception("defect")

    def prune(self) -> None:
        """Delete what is old now; StoreUnavailable."""
        store = self._connect()
        try:
            store.open()
            requests = store.prune(time() - self._days * _DAY)
        finally:
            store.close()
        if requests:
            _log.info("prediction log: old requests deleted", extra={"requests": requests})
