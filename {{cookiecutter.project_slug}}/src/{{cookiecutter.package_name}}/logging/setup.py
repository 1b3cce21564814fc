"""Log lines as text for people or as JSON for collectors, on standard error."""

import json
import logging
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Literal

import orjson

LogFormat = Literal["text", "json"]

_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "color_message"}


def configure(level: str, log_format: LogFormat) -> None:
    """Send every log record of `level` and above to standard error; replaces earlier set-ups.

    Values given as `extra=` become `key=value` in text, keys of their own in JSON.
    """
    line = logging.StreamHandler(sys.stderr)
    line.setFormatter(_JsonLine() if log_format == "json" else _TextLine())
    # Looked up for each record, half of its cost, and in no line.
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    root = logging.getLogger()
    root.handlers[:] = [line]
    root.setLevel(level.upper())


def _extras(record: logging.LogRecord) -> Mapping[str, object]:
    return {key: value for key, value in vars(record).items() if key not in _STANDARD}


def _time(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")


def _one_line(value: object) -> str:
    """A newline inside a value must not look like another record."""
    return str(value).replace("\r", "\\r").replace("\n", "\\n")


class _TextLine(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        message = _one_line(record.getMessage())
        extras = "".join(f" {key}={_one_line(value)}" for key, value in _extras(record).items())
        line = f"{_time(record)} {record.levelname:<7} {record.name} {message}{extras}"
        return f"{line}\n{self.formatException(record.exc_info)}" if record.exc_info else line


def _as_json(line: Mapping[str, object]) -> str:
    try:
        return orjson.dumps(line, default=str).decode()
    except TypeError:  # an integer, or a piece of text, that only Python's own library can write
        return json.dumps(line, default=str)


class _JsonLine(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "time": _time(record),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **_extras(record),
        }
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return _as_json(line)
