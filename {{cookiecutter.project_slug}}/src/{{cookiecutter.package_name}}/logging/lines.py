"""How log lines look, and what writes them: one for a record, or many at once."""

import json
import logging
import sys
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from functools import lru_cache
from typing import NamedTuple, Self, TextIO

import orjson

_WHOLE_BYTES = 4096
"""So much a pipe takes as one piece (PIPE_BUF): other processes may write to the same one."""

_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "color_message"}


class Said(NamedTuple):
    """What a line holds; `at` is in seconds since 1970."""

    at: float
    level: str
    logger: str
    message: str
    extras: Mapping[str, object]

    @classmethod
    def by(cls, record: logging.LogRecord) -> Self:
        """What a record holds, but for an exception."""
        extras = {key: value for key, value in vars(record).items() if key not in _STANDARD}
        return cls(record.created, record.levelname, record.name, record.getMessage(), extras)


class Layout(logging.Formatter, ABC):
    """How a line looks."""

    @abstractmethod
    def line(self, said: Said) -> str:
        """What is said, on one line, without its end."""


class Lines(logging.StreamHandler[TextIO]):
    """Writes records as others do, and many lines at once for a fraction of what records cost."""

    def __init__(self, layout: Layout) -> None:
        super().__init__(sys.stderr)
        self.setFormatter(layout)
        self._layout = layout

    @classmethod
    def alone(cls, logger: logging.Logger) -> Self | None:
        """The one that hears of what this logger is told; None where others do, or a filter."""
        heard = list(logger.handlers)
        above = logger
        while above.propagate and above.parent is not None:
            above = above.parent
            heard += above.handlers
        if logger.filters or len(heard) != 1:
            return None
        (only,) = heard
        if not isinstance(only, cls) or only.filters or only.level:
            return None
        return only

    def write(self, said: Iterable[Said]) -> None:
        """Write a line for each."""
        lines = [f"{self._layout.line(each)}\n" for each in said]
        self.acquire()
        try:
            # As with a record: where this cannot be written, nobody is left who could be told.
            with suppress(OSError, ValueError):
                for piece in _pieces(lines):
                    self.stream.write(piece)
                    self.flush()
        finally:
            self.release()


def _pieces(lines: Iterable[str]) -> Iterator[str]:
    piece: list[str] = []
    size = 0
    for line in lines:
        more = len(line) if line.isascii() else len(line.encode(errors="backslashreplace"))
        if piece and size + more > _WHOLE_BYTES:
            yield "".join(piece)
            piece, size = [], 0
        piece.append(line)
        size += more
    if piece:
        yield "".join(piece)


@lru_cache(4)
def _time(milliseconds: int) -> str:
    """Many lines fall into one millisecond."""
    return datetime.fromtimestamp(milliseconds / 1000, UTC).isoformat(timespec="milliseconds")


def _one_line(value: object) -> str:
    """A newline inside a value must not look like another record."""
    return str(value).replace("\r", "\\r").replace("\n", "\\n")


class TextLine(Layout):
    """For people: values as `key=value`."""

    def line(self, said: Said) -> str:
        at, level, logger, message, values = said
        extras = "".join([f" {key}={_one_line(value)}" for key, value in values.items()])
        return f"{_time(int(at * 1000))} {level:<7} {logger} {_one_line(message)}{extras}"

    def format(self, record: logging.LogRecord) -> str:
        line = self.line(Said.by(record))
        return f"{line}\n{self.formatException(record.exc_info)}" if record.exc_info else line


class JsonLine(Layout):
    """For collectors: an object with a key for each value."""

    def line(self, said: Said) -> str:
        at, level, logger, message, extras = said
        return _as_json(
            {
                "time": _time(int(at * 1000)),
                "level": level.lower(),
                "logger": logger,
                "message": message,
                **extras,
            }
        )

    def format(self, record: logging.LogRecord) -> str:
        said = Said.by(record)
        if not record.exc_info:
            return self.line(said)
        trace = {"exception": self.formatException(record.exc_info)}
        return self.line(said._replace(extras={**said.extras, **trace}))


def _as_json(line: Mapping[str, object]) -> str:
    try:
        return orjson.dumps(line, default=str).decode()
    except TypeError:  # an integer, or a piece of text, that only Python's own library can write
        return json.dumps(line, default=str)
