"""Answered requests and true labels in the small form in which they wait to be written.

Text comes late: spelling out 2,000 numbers costs more than the model takes to answer them. Requests
lie together: what is done once for fifty of them costs each of them little.
"""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
import numpy as np
import orjson

from {{ cookiecutter.package_name }}.schemas.prediction_log import LoggedLabel, LoggedRequest
from {{ cookiecutter.package_name }}_api.prediction_log.columns import Texts
from {{ cookiecutter.package_name }}_api.prediction_log.ids import following


class RequestsEntry(msgspec.Struct, array_like=True, frozen=True, tag="requests"):
    """Requests that one model answered, one after the other.

    `first` is the id of the first; the others' follow it. The lists have an entry a request.
    `numbers` and `probabilities` are float32, and `texts` lists, row by row through all of them, as
    is the JSON array `predictions`.
    """

    first: str
    ats: list[float]
    request_ids: list[str]
    seconds: list[float]
    rows: list[int]
    model: str
    version: str
    names: str
    numbers: bytes
    texts: Texts
    predictions: bytes
    probabilities: bytes | None

    @property
    def count(self) -> int:
        """How many requests."""
        return len(self.ats)

    def logged(self) -> list[LoggedRequest]:
        """The form in which a store takes them."""
        start = '{"columns":' + self.names + ',"rows":'
        inputs = [start + str(rows, "utf-8") + "}" for rows in self._inputs()]
        answers = iter(_raws.decode(self.predictions))
        predictions = [
            f"[{str(b','.join(itertools.islice(answers, count)), 'utf-8')}]" for count in self.rows
        ]
        likely: Sequence[str | None] = [None] * self.count
        if self.probabilities is not None:
            likely = [str(each, "utf-8") for each in _spelled(self.probabilities, self.rows)]
        model, version = itertools.repeat(self.model), itertools.repeat(self.version)
        return list(
            map(
                LoggedRequest,
                following(self.first, self.count),
                self.ats,
                self.request_ids,
                model,
                version,
                self.rows,
                inputs,
                predictions,
                likely,
                self.seconds,
            )
        )

    def _inputs(self) -> list[bytes]:
        """For each request the JSON of its rows."""
        if not self.texts:
            if self.numbers:
                return _spelled(self.numbers, self.rows)
            return [orjson.dumps([[]] * count) for count in self.rows]
        rows = [orjson.dumps(row) for row in self.texts]
        if self.numbers:
            heads = _bodies(self.numbers, len(rows))
            rows = [b"[%b,%b" % (head, row[1:]) for head, row in zip(heads, rows, strict=True)]
        parts = iter(rows)
        return [b"[%b]" % b",".join(itertools.islice(parts, count)) for count in self.rows]


class LabelEntry(msgspec.Struct, array_like=True, frozen=True, tag="label"):
    """The true label of one row."""

    id: str
    at: float
    request_id: str
    row: int
    label: str
    source: str | None

    @property
    def count(self) -> int:
        """One."""
        return 1

    def logged(self) -> LoggedLabel:
        """The form in which a store takes it."""
        return LoggedLabel(self.id, self.at, self.request_id, self.row, self.label, self.source)


Entry = RequestsEntry | LabelEntry

_encoder = msgspec.msgpack.Encoder()
_raws = msgspec.json.Decoder(list[msgspec.Raw])
_decoder: msgspec.msgpack.Decoder[Entry] = msgspec.msgpack.Decoder(Entry)


def encoded(entry: Entry) -> bytes:
    """An entry for the disk."""
    return _encoder.encode(entry)


def decoded(payload: bytes) -> Entry:
    """What `encoded` made; ValueError where it did not make this."""
    return _decoder.decode(payload)


def _spelled(numbers: bytes, rows: Sequence[int]) -> list[bytes]:
    """For each request the JSON of its rows of numbers."""
    if max(rows) == 1:
        return [b"[[%b]]" % body for body in _bodies(numbers, len(rows))]
    array = np.frombuffer(numbers, np.float32).reshape(sum(rows), -1)
    ends = itertools.accumulate(rows)
    parts = (array[end - count : end] for count, end in zip(rows, ends, strict=True))
    return [orjson.dumps(part, option=orjson.OPT_SERIALIZE_NUMPY) for part in parts]


def _bodies(numbers: bytes, rows: int) -> list[bytes]:
    """Each row's JSON without its brackets."""
    array = np.frombuffer(numbers, np.float32).reshape(rows, -1)
    # The JSON of numbers holds no text, so that these signs are only found between rows.
    return orjson.dumps(array, option=orjson.OPT_SERIALIZE_NUMPY)[2:-2].split(b"],[")


@dataclass(frozen=True, slots=True)
class Packed:
    """So many requests or labels as they lie on the disk."""

    count: int
    payload: bytes


def packed(entry: Entry) -> Packed:
    """An entry as it waits to be written."""
    return Packed(entry.count, encoded(entry))


def count_of(entries: Sequence[Entry | Packed]) -> int:
    """Requests and labels in these entries."""
    return sum(entry.count for entry in entries)


def split(entries: Sequence[Entry]) -> tuple[list[LoggedRequest], list[LoggedLabel]]:
    """Requests and labels, each in their order, as a store takes them."""
    requests: list[LoggedRequest] = []
    labels: list[LoggedLabel] = []
    for entry in entries:
        if isinstance(entry, RequestsEntry):
            requests += entry.logged()
        else:
            labels.append(entry.logged())
    return requests, labels
