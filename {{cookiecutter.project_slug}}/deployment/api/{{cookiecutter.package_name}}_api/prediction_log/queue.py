"""What waits in memory to be written: bounded, and taken by one thread."""

import threading
from collections import deque
from collections.abc import Callable
from sys import getsizeof

from {{ cookiecutter.package_name }}_api.answered import Answered
from {{ cookiecutter.package_name }}_api.prediction_log.entries import LabelEntry

Item = Answered | LabelEntry

_EACH_BYTES = 600
"""Of the objects around a request's numbers."""

_SLICE_BYTES = 1 << 19


def size_of(item: Item) -> int:
    """Bytes that an item holds in memory, nearly."""
    if isinstance(item, LabelEntry):
        return _EACH_BYTES
    features, probabilities = item.features, item.predictions.probabilities
    size: int = _EACH_BYTES + features.numeric.nbytes + item.predictions.values.nbytes
    if probabilities is not None:
        size += probabilities.nbytes
    if features.categorical.size:
        size += features.categorical.nbytes
        size += sum(map(getsizeof, features.categorical.ravel().tolist()))
    return size


class Queue:
    """Bounded by a number of items and by their bytes; the newest is refused where it is full.

    One thread puts, another takes: each changes counts of its own, so neither needs a lock.
    """

    def __init__(self, most: int, most_bytes: int, wake: Callable[[], None]) -> None:
        self._most, self._most_bytes = most, most_bytes
        self._wake = wake
        self._items: deque[tuple[int, Item]] = deque()
        self._put_bytes = self._taken_bytes = 0
        self._taking = threading.Lock()  # at a stop another thread takes what is left

    def __len__(self) -> int:
        return len(self._items)

    @property
    def size(self) -> int:
        """Bytes that wait."""
        return self._put_bytes - self._taken_bytes

    @property
    def pressure(self) -> float:
        """How full it is, from 0 to 1."""
        return max(len(self) / self._most, self.size / self._most_bytes)

    def room(self, items: int) -> bool:
        """Whether so many small items would be taken."""
        size = self.size + items * _EACH_BYTES
        return len(self) + items <= self._most and size <= self._most_bytes

    def put(self, item: Item) -> bool:
        """Take an item; False where there is no room for it."""
        size = size_of(item)
        if len(self._items) >= self._most or self.size + size > self._most_bytes:
            return False
        self._put_bytes += size
        self._items.append((size, item))
        self._wake()
        return True

    def take(self, most: int) -> list[Item]:
        """The oldest items, at most so many, and not many more bytes than a slice of work has."""
        taken: list[Item] = []
        bytes_ = 0
        with self._taking:
            while self._items and len(taken) < most and bytes_ < _SLICE_BYTES:
                size, item = self._items.popleft()
                taken.append(item)
                bytes_ += size
            self._taken_bytes += bytes_
        return taken
