"""The store as the writer sees it: it takes entries, or is away and tried again later."""

import logging
from collections.abc import Sequence
from time import monotonic, time

from {{ cookiecutter.package_name }}.schemas.errors import StoreUnavailable
from {{ cookiecutter.package_name }}.schemas.prediction_log import (
    LoggedLabel,
    LoggedRequest,
    PredictionStore,
)
from {{ cookiecutter.package_name }}_api.prediction_log.entries import Entry, split
from {{ cookiecutter.package_name }}_api.prediction_log.troubles import Signs

_log = logging.getLogger(__name__)

_FIRST_PAUSE = 0.5
_LONGEST_PAUSE = 30.0
_STORE = "store away"


class Stored:
    """Belongs to one thread."""

    def __init__(self, store: PredictionStore, signs: Signs) -> None:
        self._store = store
        self._counters, self._troubles = signs
        self._open = False
        self._pause = _FIRST_PAUSE
        self._told: set[type[Exception]] = set()
        self.next_write = 0.0
        """When what was gathered for it is to be written (monotonic)."""
        self.next_try = 0.0
        """When an absent store is asked again (monotonic)."""

    @property
    def there(self) -> bool:
        """Whether it answered last."""
        return self._open

    @property
    def gathers(self) -> bool:
        """Whether it wants much at a time, and rarely."""
        return self._seconds() > 0

    def _seconds(self) -> float:
        # A store says so where each write makes a file; no other one has to.
        return float(getattr(self._store, "preferred_seconds", 0.0))

    def has_all(self) -> None:
        """Say that it got what there was: what comes now is gathered first."""
        self.next_write = monotonic() + self._seconds()

    def up(self) -> bool:
        """Whether it takes entries; an absent one is asked where that is due."""
        if not self._open and monotonic() >= self.next_try:
            try:
                self._store.open()
            except StoreUnavailable as error:
                self._away(str(error))
            except Exception as error:
                self._defect(error)
            else:
                self._open = True
                self._counters.up.set(1)
                self._troubles.settle(_STORE)
        return self._open

    def write(self, entries: Sequence[Entry]) -> bool:
        """Whether these entries are done with; False where the store is away now."""
        return self._put(*split(entries))

    def _put(self, requests: list[LoggedRequest], labels: list[LoggedLabel]) -> bool:
        try:
            self._store.write(requests, labels)
        except StoreUnavailable as error:
            self._away(str(error))
            return False
        except Exception as error:
            if len(requests) + len(labels) > 1:  # one of them may be what it cannot take
                return all(self._put([each], []) for each in requests) and all(
                    self._put([], [each]) for each in labels
                )
            self._refused(error)
            return True
        self._count(requests, labels)
        return True

    def _refused(self, error: Exception) -> None:
        self._counters.dropped("refused")
        if type(error) not in self._told:
            self._told.add(type(error))
            _log.exception("prediction log: an entry is refused")

    def _count(self, requests: list[LoggedRequest], labels: list[LoggedLabel]) -> None:
        counters = self._counters
        counters.rows.inc(sum(request.rows for request in requests))
        counters.requests.inc(len(requests))
        counters.labels.inc(len(labels))
        counters.last_write.set(time())
        self._pause = _FIRST_PAUSE

    def _defect(self, error: Exception) -> None:
        _log.exception("defect")
        self._away(f"a defect ({type(error).__name__})")

    def _away(self, reason: str) -> None:
        self.close()
        self._troubles.note(_STORE, reason)
        self._counters.up.set(0)
        self.next_try = monotonic() + self._pause
        self._pause = min(self._pause * 2, _LONGEST_PAUSE)

    def close(self) -> None:
        """Let go of the store; `up` opens it again."""
        self._open = False
        try:
            self._store.close()
        except Exception:
            _log.exception("defect")
