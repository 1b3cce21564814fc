"""What was logged, as typed rows and as counts: for drift, pages and exports.

Memory does not grow with the rows.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Generator, Iterator
from contextlib import closing
from dataclasses import replace
from itertools import compress, islice
from typing import NamedTuple

import msgspec

from {{ cookiecutter.package_name }}.integrations.prediction_log import open_reader
from {{ cookiecutter.package_name }}.integrations.prediction_log.kinds import Piece, Totals
from {{ cookiecutter.package_name }}.schemas.logged_rows import (
    Bucket,
    LoggedRow,
    Selection,
    Value,
)
from {{ cookiecutter.package_name }}.schemas.prediction_log import LoggedLabel, LoggedRequest

_ALL = Selection()
_STEP = 1.1
"""Latencies are counted in classes, each so many times as wide as the one before."""


class _Inputs(msgspec.Struct):
    columns: list[str]
    rows: list[list[Value]]


_inputs = msgspec.json.Decoder(_Inputs)
_answers = msgspec.json.Decoder(list[str | float])
_probabilities = msgspec.json.Decoder(list[tuple[float, ...]])


class Opened(NamedTuple):
    """A request whose JSON was read; all lists have one entry a row."""

    request: LoggedRequest
    columns: list[str]
    cells: list[list[Value]]
    """Of each row, in the order of `columns`."""
    answers: list[str | float]
    probabilities: list[tuple[float, ...]] | None
    labels: list[LoggedLabel | None]


def opened(
    url: str, asked: Selection = _ALL, *, newest_first: bool = False
) -> Generator[Opened, None, None]:
    """The requests of a log, the oldest first: less work than single rows.

    Raises ConfigError and StoreUnavailable.
    """
    with closing(open_reader(url)) as reader:
        for piece in reader.pieces(asked, newest_first=newest_first):
            for request in piece.requests:
                yield _opened(request, piece)


def _opened(request: LoggedRequest, piece: Piece) -> Opened:
    inputs, likely = _inputs.decode(request.inputs), request.probabilities
    return Opened(
        request,
        inputs.columns,
        inputs.rows,
        _answers.decode(request.predictions),
        _probabilities.decode(likely) if likely else None,
        [piece.labels.get((request.request_id, row)) for row in range(len(inputs.rows))],
    )


def labelled(each: Opened) -> Opened | None:
    """The rows of a request whose labels are known; None where there is none."""
    kept = [label is not None for label in each.labels]
    if not any(kept):
        return None
    likely = each.probabilities
    return each._replace(
        cells=[*compress(each.cells, kept)],
        answers=[*compress(each.answers, kept)],
        probabilities=None if likely is None else [*compress(likely, kept)],
        labels=[*compress(each.labels, kept)],
    )


def rows(url: str, asked: Selection = _ALL, *, newest: int | None = None) -> Iterator[LoggedRow]:
    """The rows of a log, the oldest first; or the `newest` so many, the newest request first.

    Raises ConfigError and StoreUnavailable.
    """
    found = opened(url, asked, newest_first=newest is not None)
    with closing(found):
        yield from islice((row for each in found for row in _rows(each)), newest)


def _rows(each: Opened) -> Iterator[LoggedRow]:
    request = each.request
    for number, (cells, answer) in enumerate(zip(each.cells, each.answers, strict=True)):
        label = each.labels[number]
        yield LoggedRow(
            id=request.id,
            request_id=request.request_id,
            row=number,
            at=request.at,
            model=request.model,
            version=request.version,
            inputs=dict(zip(each.columns, cells, strict=True)),
            prediction=answer,
            probabilities=each.probabilities[number] if each.probabilities else None,
            label=label_of(label, answer),
            label_source=label.source if label else None,
            seconds=request.seconds,
        )


def label_of(label: LoggedLabel | None, answer: str | float) -> str | float | None:
    """The label of a row that was given that answer: a number where the answer is one."""
    if label is None or isinstance(answer, str):
        return label.label if label else None
    try:
        return float(label.label)
    except ValueError:
        return label.label


def totals(url: str) -> Totals | None:
    """How much there is; None where only reading all of it would tell.

    Raises ConfigError and StoreUnavailable.
    """
    with closing(open_reader(url)) as reader:
        return reader.totals()


def summary(url: str, since: float, bucket_seconds: float) -> list[Bucket]:
    """Counts of what was answered since a moment (seconds since 1970), the oldest bucket first.

    A bucket begins at a multiple of `bucket_seconds`; those without a request are left out.
    Raises ConfigError and StoreUnavailable.
    """
    counted: dict[float, _Counted] = {}
    start = math.floor(since / bucket_seconds) * bucket_seconds
    with closing(open_reader(url)) as reader:
        for piece in reader.pieces(replace(_ALL, since=since), inputs=False):
            for request in piece.requests:
                place = start + (request.at - start) // bucket_seconds * bucket_seconds
                if place not in counted:
                    counted[place] = _Counted(place)
                counted[place].add(request, piece)
    return [counted[place].finished() for place in sorted(counted)]


class _Counted:
    """A bucket that is being filled."""

    def __init__(self, start: float) -> None:
        self.bucket = Bucket(start)
        self._classes: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
        self._versions: Counter[str] = Counter()
        self._latencies: Counter[int] = Counter()

    def add(self, request: LoggedRequest, piece: Piece) -> None:
        answers = _answers.decode(request.predictions)
        self.bucket.requests += 1
        self.bucket.rows += len(answers)
        self._versions[request.version] += len(answers)
        if classes := [answer for answer in answers if isinstance(answer, str)]:
            self._classes[request.model, request.version].update(classes)
        self._latencies[_latency_class(request.seconds)] += 1
        for number, answer in enumerate(answers):
            if (label := piece.labels.get((request.request_id, number))) is not None:
                self.bucket.labelled += 1
                self.bucket.right += label_of(label, answer) == answer

    def finished(self) -> Bucket:
        every: Counter[str] = sum(self._classes.values(), Counter())
        self.bucket.by_prediction = dict(sorted(every.items()))
        self.bucket.answers = {of: dict(sorted(one.items())) for of, one in self._classes.items()}
        self.bucket.by_version = dict(sorted(self._versions.items()))
        self.bucket.latency_ms = {f"p{p}": self._quantile(p) for p in (50, 95, 99)}
        return self.bucket

    def _quantile(self, percent: int) -> float:
        wanted, passed = self.bucket.requests * percent / 100, 0
        for place in sorted(self._latencies):
            passed += self._latencies[place]
            if passed >= wanted:
                break
        return 1000 * math.pow(_STEP, place + 0.5)


def _latency_class(seconds: float) -> int:
    return math.floor(math.log(max(seconds, 1e-6), _STEP))
