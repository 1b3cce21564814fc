"""A file of SQLite, by Python's own module: what a process that writes needs, and no more."""

import sqlite3
from contextlib import closing
from pathlib import Path

from {{ cookiecutter.package_name }}.integrations.prediction_log.migrations import (
    NEWEST,
    VERSION_TABLE,
)

PATIENCE_SECONDS = 10.0
"""So long is a lock of another process waited for."""
_REASONS = {
    "database is locked": "another process has kept it locked for too long",
    "disk is full": "its disk is full",
    "disk i/o error": "its disk gives an error",
    "not a database": "the file is no SQLite database: name another file",
    "malformed": "the file is damaged: move it away, and a new one is made",
    "readonly database": "the file may not be written: see its rights",
    "unable to open": "the file cannot be opened: see that its folder exists and may be written",
}
_FREED_PAGES = 2000
"""So many are given back at a time: others may write in between."""


def connected(path: Path) -> sqlite3.Connection:
    """A connection to the file, which is made where there is none; any thread may use it."""
    # We begin transactions ourselves: Python's module would do so late, and not for DDL.
    connection = sqlite3.connect(
        path, timeout=PATIENCE_SECONDS, isolation_level=None, check_same_thread=False
    )
    try:
        connection.execute("PRAGMA synchronous=NORMAL")
        # Counts only before the first page of a new file is written.
        connection.execute("PRAGMA auto_vacuum=INCREMENTAL")
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def is_newest(path: Path) -> bool:
    """Whether it is a log with the schema that this release writes."""
    if not path.is_file():
        return False
    try:
        with closing(connected(path)) as connection:
            found = connection.execute(f"SELECT version_num FROM {VERSION_TABLE}")  # noqa: S608
            return bool(found.fetchall() == [(NEWEST,)])
    except sqlite3.Error:  # who opens it in another way says why
        return False


def tidy(connection: sqlite3.Connection) -> None:
    """Give back the room of rows that were deleted."""
    free = int(connection.execute("PRAGMA freelist_count").fetchone()[0])
    for _ in range(0, free, _FREED_PAGES):
        # As a script: `execute` takes one step of a statement without columns, a page.
        connection.executescript(f"PRAGMA incremental_vacuum({_FREED_PAGES})")


def reason(told: str) -> str:
    """Why something failed, in a few words."""
    return next((why for sign, why in _REASONS.items() if sign in told.lower()), told)
