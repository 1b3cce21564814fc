"""What waits in memory to be written: bounded, and taken by one thread."""

import logging
import math
import threading
from collections import deque
from collections.abc import Callable
from sys import getsizeof

from {{ cookiecutter.package_name }}_api.answered import Answered
from {{ cookiecutter.package_name }}_api.observing.defects import unsaid
from {{ cookiecutter.package_name }}_api.prediction_log.counters import Counters
from {{ cookiecutter.package_name }}_api.prediction_log.entries import LabelEntry, Packed, packed
from {{ cookiecutter.package_name }}_api.prediction_log.gathering import Gathering, Loose, together
from {{ cookiecutter.package_name }}_api.prediction_log.models import Models

_log = logging.getLogger(__name__)

_EACH_BYTES = 600
"""Of the objects around a request's numbers."""


def size_of(answered: Answered) -> int:
    """Bytes that requests hold in memory, nearly."""
    features, probabilities = answered.features, answered.predictions.probabilities
    size: int = _EACH_BYTES * len(answered.requests)
    size += features.numeric.nbytes + answered.predictions.values.nbytes
    if probabilities is not None:
        size += probabilities.nbytes
    if features.categorical.size:
        size += features.categorical.nbytes
        size += sum(map(getsizeof, features.categorical.ravel().tolist()))
    return size


class Queue:
    """Bounded by a number of requests and labels, and by their bytes; the newest is refused.

    The event loop puts, a thread takes: each changes counts of its own, so neither needs a lock.
    What was put is there for the thread after `flush`, or when it is enough to be packed.
    """

    def __init__(
        self,
        most: int,
        most_bytes: int,
        models: Models,
        counters: Counters,
        wake: Callable[[], None],
    ) -> None:
        self._most, self._most_bytes = most, most_bytes
        self._models, self._counters, self._wake = models, counters, wake
        self._gathering = Gathering(self._hand_on)
        self._items: deque[tuple[int, Packed | Loose]] = deque()
        self._put = self._taken = 0
        self._put_bytes = self._taken_bytes = 0
        self._taking = threading.Lock()  # at a stop another thread takes what is left

    def __len__(self) -> int:
        return self._put - self._taken + len(self._gathering)

    @property
    def size(self) -> int:
        """Bytes that wait."""
        return self._put_bytes - self._taken_bytes + self._gathering.size

    @property
    def pressure(self) -> float:
        """How full it is, from 0 to 1."""
        return max(len(self) / self._most, self.size / self._most_bytes)

    def room(self, labels: int) -> bool:
        """Whether so many labels would be taken."""
        size = self.size + labels * _EACH_BYTES
        return len(self) + labels <= self._most and size <= self._most_bytes

    def put(self, answered: Answered) -> bool:
        """Take requests; False where there is no room for them."""
        size = size_of(answered)
        if len(self) + len(answered.requests) > self._most or self.size + size > self._most_bytes:
            return False
        self._gathering.add(answered, size)
        return True

    def put_label(self, label: LabelEntry) -> None:
        """Take a label, for which there is `room`."""
        self.flush()  # the request that it belongs to goes before it
        self._append(_EACH_BYTES, packed(label))

    def flush(self) -> None:
        """Let the thread have all that came so far."""
        self._gathering.flush()

    def _hand_on(self, group: list[Answered], size: int) -> None:
        kept = self._models.kept(group)
        if kept is None:
            return
        try:
            item = together(group, kept, size)
        except Exception as error:  # whatever it is, the requests are answered
            self._defect(error, sum(len(answered.requests) for answered in group))
            return
        self._append(len(item.payload) if isinstance(item, Packed) else size, item)

    def _append(self, size: int, item: Packed | Loose) -> None:
        self._put += item.count
        self._put_bytes += size
        self._items.append((size, item))
        self._wake()

    def take(
        self, most: int, most_bytes: int = 1 << 19, most_loose: float = math.inf
    ) -> list[Packed]:
        """The oldest, until they are so many, so many bytes, or so many that had to be packed."""
        taken: list[Packed | Loose] = []
        count = size = loose = 0
        with self._taking:
            while self._items and count < most and size < most_bytes and loose < most_loose:
                bytes_, item = self._items.popleft()
                taken.append(item)
                count += item.count
                size += bytes_
                loose += item.count if isinstance(item, Loose) else 0
            self._taken += count
            self._taken_bytes += size
        packed = [self._packed(item) if isinstance(item, Loose) else item for item in taken]
        return [item for item in packed if item is not None]

    def _packed(self, loose: Loose) -> Packed | None:
        try:
            return loose.packed()
        except Exception as error:  # the others are kept all the same
            self._defect(error, loose.count)
            return None

    def _defect(self, error: Exception, requests: int) -> None:
        _log.error("defect", exc_info=unsaid(error, _log))
        self._counters.dropped("defect", requests)
