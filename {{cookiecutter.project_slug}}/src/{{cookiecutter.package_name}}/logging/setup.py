"""Where log lines go, and from which level on."""

import logging
from typing import Literal

from {{ cookiecutter.package_name }}.logging.lines import JsonLine, Lines, TextLine

LogFormat = Literal["text", "json"]


def configure(level: str, log_format: LogFormat) -> None:
    """Send every log record of `level` and above to standard error; replaces earlier set-ups.

    Values given as `extra=` become `key=value` in text, keys of their own in JSON.
    """
    # Looked up for each record, half of its cost, and in no line.
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    root = logging.getLogger()
    root.handlers[:] = [Lines(JsonLine() if log_format == "json" else TextLine())]
    root.setLevel(level.upper())
