"""Answered requests put together and packed: many, made small at once, cost each of them little."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import orjson
from numpy.typing import NDArray

from {{ cookiecutter.package_name }}_api.answered import Answered
from {{ cookiecutter.package_name }}_api.prediction_log.columns import Kept
from {{ cookiecutter.package_name }}_api.prediction_log.entries import Packed, RequestsEntry, packed
from {{ cookiecutter.package_name }}_api.prediction_log.ids import new_id

MOST_TOGETHER, MOST_ROWS = 64, 128
"""Requests in one entry, and rows unless one request has more: what is damaged on the disk costs no
more than these."""

_MOST_BYTES = 1 << 18
"""A request's numbers, or more: to copy these would let the next one wait."""


@dataclass(frozen=True, slots=True)
class Loose:
    """Requests that one model answered, to be packed by the thread that writes them."""

    group: list[Answered]
    kept: Kept
    first: str

    @property
    def count(self) -> int:
        """How many requests."""
        return sum(len(answered.requests) for answered in self.group)

    def packed(self) -> Packed:
        """The same, made small."""
        return packed(entry_of(self.group, self.kept, self.first))


class Gathering:
    """Requests in the order in which they come, until they are enough to be handed on together.

    Belongs to the event loop.
    """

    def __init__(self, hand_on: Callable[[list[Answered], int], None]) -> None:
        """`hand_on` gets requests and their bytes."""
        self._hand_on = hand_on
        self._group: list[Answered] = []
        self._requests = self._rows = 0
        self.size = 0
        """Bytes of what is here."""

    def __len__(self) -> int:
        return self._requests

    def add(self, answered: Answered, size: int) -> None:
        """Take some more, of so many bytes."""
        requests, rows = len(answered.requests), len(answered.features)
        many = self._requests + requests > MOST_TOGETHER or self._rows + rows > MOST_ROWS
        if self._group and (many or answered.served is not self._group[0].served):
            self.flush()
        self._group.append(answered)
        self._requests += requests
        self._rows += rows
        self.size += size
        if self._requests >= MOST_TOGETHER or self._rows >= MOST_ROWS:
            self.flush()

    def flush(self) -> None:
        """Hand on what there is."""
        if self._group:
            group, self._group = self._group, []
            size, self.size = self.size, 0
            self._requests = self._rows = 0
            self._hand_on(group, size)


def together(group: list[Answered], kept: Kept, size: int) -> Packed | Loose:
    """These requests, of so many bytes, as they wait: packed, where that is soon done."""
    requests = sum(len(answered.requests) for answered in group)
    loose = Loose(group, kept, new_id(requests))
    return loose.packed() if kept.only_numbers and size <= _MOST_BYTES else loose


def entry_of(group: list[Answered], kept: Kept, first: str) -> RequestsEntry:
    """What is kept of requests that one model answered; `first` is the id of the first."""
    version = group[0].served.version
    features = [answered.features for answered in group]
    predictions = [answered.predictions for answered in group]
    requests = [(told, answered.at) for answered in group for told in answered.requests]
    likely = [each.probabilities for each in predictions if each.probabilities is not None]
    return RequestsEntry(
        first,
        [at for _, at in requests],
        [told.request_id for told, _ in requests],
        [told.seconds for told, _ in requests],
        [told.rows for told, _ in requests],
        version.name,
        version.version,
        kept.names,
        _float32([kept.numbers_of(each) for each in features]),
        [] if kept.only_numbers else [row for each in features for row in kept.texts_of(each)],
        _as_json([each.values for each in predictions]),
        _float32(likely) if likely else None,
    )


def _float32(parts: list[NDArray[np.float32]]) -> bytes:
    whole = parts[0] if len(parts) == 1 else np.concatenate(parts)
    return whole.astype(np.float32, copy=False).tobytes()


def _as_json(parts: list[NDArray[np.object_] | NDArray[np.float32]]) -> bytes:
    whole = parts[0] if len(parts) == 1 else np.concatenate(parts)
    plain = whole.tolist() if whole.dtype == object else np.ascontiguousarray(whole)
    return orjson.dumps(plain, option=orjson.OPT_SERIALIZE_NUMPY)
