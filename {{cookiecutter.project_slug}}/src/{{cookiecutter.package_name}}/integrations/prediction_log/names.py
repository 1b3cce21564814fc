"""What the tables and columns are called, and the values that go into them: one truth for all.

Nothing of a database's library is imported here.
"""

import re
from collections.abc import Sequence

from {{ cookiecutter.package_name }}.schemas.prediction_log import LoggedLabel, LoggedRequest

REQUESTS, LABELS = "prediction_requests", "prediction_labels"

COLUMNS = {
    REQUESTS: (
        "id",
        "at",
        "request_id",
        "model",
        "version",
        "rows",
        "inputs",
        "predictions",
        "probabilities",
        "seconds",
    ),
    # `row` is a word of SQL.
    LABELS: ("id", "at", "request_id", "row_index", "label", "source"),
}
"""In the order in which `request_values` and `label_values` give them."""

_NUL = re.compile(r"((?<!\\)(?:\\\\)*)\\u0000")
"""As JSON spells it; a backslash before it may itself be a text's."""

Values = tuple[object, ...]


def insert_into(table: str, mark: str, rows: int = 1) -> str:
    """A statement for so many rows that passes over those whose `id` is there already."""
    columns = COLUMNS[table]
    row = f"({', '.join([mark] * len(columns))})"
    return (
        f"INSERT INTO {table} ({', '.join(columns)}) VALUES {', '.join([row] * rows)} "  # noqa: S608
        "ON CONFLICT (id) DO NOTHING"
    )


def request_values(request: LoggedRequest) -> Values:
    """What its line holds."""
    return (
        request.id,
        request.at,
        _clean(request.request_id),
        _clean(request.model),
        _clean(request.version),
        request.rows,
        _clean_json(request.inputs),
        _clean_json(request.predictions),
        request.probabilities,
        request.seconds,
    )


def label_values(label: LoggedLabel) -> Values:
    """What its line holds."""
    return (
        label.id,
        label.at,
        _clean(label.request_id),
        label.row,
        _clean(label.label),
        None if label.source is None else _clean(label.source),
    )


def lines_of(
    requests: Sequence[LoggedRequest], labels: Sequence[LoggedLabel]
) -> list[tuple[str, list[Values]]]:
    """Each table that gets something, and what."""
    lines = [(REQUESTS, [*map(request_values, requests)]), (LABELS, [*map(label_values, labels)])]
    return [(table, values) for table, values in lines if values]


def _clean(text: str) -> str:
    """The text without what PostgreSQL cannot keep; clients choose ids and labels."""
    if text.isascii() and "\0" not in text:
        return text
    return text.replace("\0", "\ufffd").encode("utf-8", "replace").decode()


def _clean_json(text: str) -> str:
    """The same for JSON: one NUL in one row, and PostgreSQL would open no row of the view."""
    # One sign is found much sooner than six.
    if "\\" in text and "\\u0000" in text:
        text = _NUL.sub(r"\1\\ufffd", text)
    return _clean(text)
