"""SQLite for who makes the tables, or reads: readers never wait, writers wait for one another."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect
from sqlalchemy.pool import QueuePool

from {{ cookiecutter.package_name }}.integrations.prediction_log import sqlite_file
from {{ cookiecutter.package_name }}.integrations.prediction_log.database import (
    PATIENCE_SECONDS,
    first_line,
)
from {{ cookiecutter.package_name }}.integrations.prediction_log.urls import shown
from {{ cookiecutter.package_name }}.schemas.errors import StoreUnavailable


class SqliteDatabase:
    """A file in WAL mode; what is committed survives the end of the process at any moment.

    `synchronous=NORMAL`: after a loss of power the last transactions may be gone, no others.
    """

    def __init__(self, url: str, path: Path) -> None:
        self.url = url
        self._path = path

    def engine(self, *, read_only: bool) -> Engine:
        if read_only and not self._path.exists():
            raise StoreUnavailable(
                f"There is no prediction log '{shown(self.url)}' yet: start the service with "
                "`uv run serve`; predictions are kept from the first answer on."
            )
        engine = create_engine(
            "sqlite://",
            creator=partial(sqlite_file.connected, self._path),
            poolclass=QueuePool,
            pool_size=1,
            max_overflow=0,
        )
        begin = "BEGIN" if read_only else "BEGIN IMMEDIATE"

        @event.listens_for(engine, "begin")
        def _begin(connection: Connection) -> None:
            connection.exec_driver_sql(begin)

        return engine

    @contextmanager
    def within(self, connection: Connection, seconds: float) -> Iterator[None]:
        yield  # the one thing to wait for is a lock, and for that there is a limit

    def foreign(self, connection: Connection) -> str | None:
        if not (names := inspect(connection).get_table_names()):
            return None
        return f"it is a database of something else (with a table '{names[0]}'): name another file"

    def prepare(self, engine: Engine) -> None:
        """Switch to WAL. Who asks at the same moment as another is refused at once, not queued."""
        patience = time.monotonic() + PATIENCE_SECONDS
        with closing(engine.raw_connection()) as pooled:
            connection: Any = pooled.driver_connection
            while True:
                try:
                    connection.execute("PRAGMA journal_mode=WAL")
                except sqlite3.OperationalError as error:
                    if "locked" not in str(error) or time.monotonic() > patience:
                        raise
                    time.sleep(0.05)
                else:
                    return

    def lock(self, connection: Connection) -> None:
        """Nothing to do: every transaction of a writer begins with the lock."""

    def reason(self, error: Exception) -> str:
        return sqlite_file.reason(first_line(error))
