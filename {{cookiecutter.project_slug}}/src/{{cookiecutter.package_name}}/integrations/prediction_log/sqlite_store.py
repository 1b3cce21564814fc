"""A prediction log in a SQLite file, written without a library of databases.

Those take ten megabytes in each process and twice the time: only who makes or changes the tables,
or reads, imports them.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from {{ cookiecutter.package_name }}.integrations.prediction_log import sqlite_file
from {{ cookiecutter.package_name }}.integrations.prediction_log.names import (
    COLUMNS,
    LABELS,
    REQUESTS,
    insert_into,
    lines_of,
)
from {{ cookiecutter.package_name }}.integrations.prediction_log.urls import unavailable
from {{ cookiecutter.package_name }}.schemas.prediction_log import LoggedLabel, LoggedRequest

_PRUNED_AT_ONCE = 500
"""Requests in one transaction: others may write in between."""
_STATEMENTS = {table: insert_into(table, "?") for table in COLUMNS}


class SqliteStore:
    """A `PredictionStore` in a file; several processes may write it."""

    def __init__(self, url: str, path: Path) -> None:
        self._url, self._path = url, path
        self._connection: sqlite3.Connection | None = None

    def open(self) -> None:
        """Connect; where the schema is not the newest, run the migrations, or say what it is."""
        if not sqlite_file.is_newest(self._path):
            self._upgrade()
        with self._told():
            self._connected()

    def _upgrade(self) -> None:
        from {{ cookiecutter.package_name }}.integrations.prediction_log.database import Session
        from {{ cookiecutter.package_name }}.integrations.prediction_log.migrating import upgrade
        from {{ cookiecutter.package_name }}.integrations.prediction_log.sqlite import SqliteDatabase

        session = Session(SqliteDatabase(self._url, self._path))
        try:
            upgrade(session)
        finally:
            session.close()

    def write(self, requests: Sequence[LoggedRequest], labels: Sequence[LoggedLabel]) -> None:
        """One transaction for all; see `PredictionStore`."""
        if not (lines := lines_of(requests, labels)):
            return
        with self._transaction() as connection:
            for table, values in lines:
                connection.executemany(_STATEMENTS[table], values)

    def prune(self, before: float) -> int:
        """Delete requests and labels that are older, a few in each transaction."""
        count = self._prune(REQUESTS, before)
        if self._prune(LABELS, before) + count:
            with self._told():
                sqlite_file.tidy(self._connected())
        return count

    def _prune(self, table: str, before: float) -> int:
        old = f"SELECT id FROM {table} WHERE at < ? ORDER BY at, id LIMIT ?"  # noqa: S608
        total, last = 0, _PRUNED_AT_ONCE
        while last == _PRUNED_AT_ONCE:
            with self._transaction() as connection:
                some = f"DELETE FROM {table} WHERE id IN ({old})"  # noqa: S608
                last = connection.execute(some, (before, _PRUNED_AT_ONCE)).rowcount
            total += last
        return total

    def close(self) -> None:
        """Close the connection; `write` would open another."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def _connected(self) -> sqlite3.Connection:
        if self._connection is None:
            self._connection = sqlite_file.connected(self._path)
        return self._connection

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        """All that the block did is kept, or nothing."""
        with self._told():
            connection = self._connected()
            connection.execute("BEGIN IMMEDIATE")
            yield connection
            connection.execute("COMMIT")

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Errors as sentences; a connection that had one is closed, and all it began is undone."""
        try:
            yield
        except (sqlite3.Error, UnicodeError) as error:
            self.close()
            raise unavailable(self._url, sqlite_file.reason(str(error))) from error
        except BaseException:
            self.close()
            raise
