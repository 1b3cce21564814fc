"""Answered requests, as they come from the queue, put together into entries."""

from collections.abc import Iterable, Iterator

import numpy as np
import orjson
from numpy.typing import NDArray

from {{ cookiecutter.package_name }}_api.answered import Answered
from {{ cookiecutter.package_name }}_api.prediction_log.columns import Kept
from {{ cookiecutter.package_name }}_api.prediction_log.counters import Counters
from {{ cookiecutter.package_name }}_api.prediction_log.entries import (
    Entry,
    LabelEntry,
    RequestsEntry,
    new_id,
)
from {{ cookiecutter.package_name }}_api.prediction_log.models import Models
from {{ cookiecutter.package_name }}_api.prediction_log.queue import Item

MOST_TOGETHER = 64
"""Requests in one entry; what is damaged on the disk costs no more than these."""
_MOST_ROWS = 128


class Gathering:
    """Makes entries of what was taken from the queue, in its order."""

    def __init__(self, models: Models, counters: Counters) -> None:
        self._models, self._counters = models, counters

    def entries(self, items: Iterable[Item]) -> list[Entry]:
        """Those of these items; requests of a model that is not logged are counted as dropped."""
        made: list[Entry] = []
        for item in _together(items):
            if isinstance(item, LabelEntry):
                made.append(item)
            elif (kept := self._models.kept(item[0].served)) is not None:
                made.append(entry_of(item, kept))
            else:
                self._counters.dropped("columns", len(item))
        return made


def _together(items: Iterable[Item]) -> Iterator[LabelEntry | list[Answered]]:
    """Labels as they are, and requests of one model that follow one another as a list."""
    group: list[Answered] = []
    rows = 0
    for item in items:
        more = len(item.features) if isinstance(item, Answered) else 0
        if group and not (
            isinstance(item, Answered)
            and item.served is group[0].served
            and rows + more <= _MOST_ROWS
            and len(group) < MOST_TOGETHER
        ):
            yield group
            group, rows = [], 0
        if isinstance(item, Answered):
            group.append(item)
            rows += more
        else:
            yield item
    if group:
        yield group


def entry_of(group: list[Answered], kept: Kept) -> RequestsEntry:
    """What is kept of requests that one model answered."""
    version = group[0].served.version
    features = [answered.features for answered in group]
    predictions = [answered.predictions for answered in group]
    likely = [each.probabilities for each in predictions if each.probabilities is not None]
    return RequestsEntry(
        [new_id() for _ in group],
        [answered.at for answered in group],
        [answered.request_id for answered in group],
        [answered.seconds for answered in group],
        [len(each) for each in features],
        version.name,
        version.version,
        kept.names,
        _float32([kept.numbers_of(each) for each in features]),
        [row for each in features for row in kept.texts_of(each)],
        orjson.dumps(
            [_plain(each.values) for each in predictions], option=orjson.OPT_SERIALIZE_NUMPY
        ),
        _float32(likely) if likely else None,
    )


def _float32(parts: list[NDArray[np.float32]]) -> bytes:
    whole = parts[0] if len(parts) == 1 else np.concatenate(parts)
    return whole.astype(np.float32, copy=False).tobytes()


def _plain(values: NDArray[np.object_] | NDArray[np.float32]) -> object:
    return values.tolist() if values.dtype == object else np.ascontiguousarray(values)
