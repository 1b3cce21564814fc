"""PostgreSQL, which may be far away: each wait for it has a limit."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, make_url, text
from sqlalchemy.exc import SQLAlchemyError

from {{ cookiecutter.package_name }}.integrations.prediction_log.database import (
    PATIENCE_SECONDS,
    first_line,
)

_CONNECT_SECONDS = 5
_MIGRATION_LOCK = 7_251_940_316_022_187_264
"""Any number, of which every process of this project knows."""
_REASONS = {
    "password authentication failed": "the user or password is wrong",
    "no password supplied": "it wants a password, and the URL has none",
    "connection refused": "nothing answers there",
    "no such file or directory": "nothing answers there",
    "name or service not known": "the name of its host is unknown",
    "failed to resolve host": "the name of its host is unknown",
    "timeout": "no answer in time",
    "timed out": "no answer in time",
    "no space left on device": "its disk is full",
    "could not extend file": "its disk is full",
    "permission denied": "the user may not do that there",
    "server closed the connection": "the connection was lost",
    "connection is lost": "the connection was lost",
    "terminating connection": "the connection was lost",
    "read-only transaction": "it takes no changes: it is a copy that others write to",
}


class PostgresDatabase:
    """A database by its URL; the driver is psycopg."""

    def __init__(self, url: str) -> None:
        self.url = url

    def engine(self, *, read_only: bool) -> Engine:
        options = [f"statement_timeout={PATIENCE_SECONDS:.0f}s", "timezone=UTC"]
        options += ["default_transaction_read_only=on"] if read_only else []
        _, _, rest = self.url.partition("://")
        given = make_url(f"postgresql+psycopg://{rest}")
        own = given.query.get("options", "")
        words = [*([own] if isinstance(own, str) else own), *(f"-c {each}" for each in options)]
        settings = {
            "connect_timeout": _CONNECT_SECONDS,
            "application_name": "{{ cookiecutter.package_name }} prediction log",
            **{name: value for name, value in given.query.items() if name != "options"},
            "options": " ".join(words).strip(),
        }
        return create_engine(
            given.set(query={}), connect_args=settings, pool_size=1, max_overflow=0
        )

    @contextmanager
    def within(self, connection: Connection, seconds: float) -> Iterator[None]:
        """The server's own limit is of no use where the server is what hangs."""
        driver: Any = connection.connection.driver_connection
        watch = _Watch(driver.fileno(), seconds)
        try:
            yield
        except SQLAlchemyError as error:
            if watch.expired:
                raise TimeoutError(f"no answer within {seconds:.0f} s") from error
            raise
        finally:
            watch.end()

    def foreign(self, connection: Connection) -> str | None:
        """Tables of others may stand beside ours, if they have other names."""
        taken = text("SELECT to_regclass('prediction_requests') IS NOT NULL")
        if connection.execute(taken).scalar_one():
            return "it has a table 'prediction_requests' of something else: name another database"
        return None

    def prepare(self, engine: Engine) -> None:
        """Nothing to set."""

    def lock(self, connection: Connection) -> None:
        connection.execute(text("SET LOCAL statement_timeout = 0"))
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATION_LOCK})

    def reason(self, error: Exception) -> str:
        told = first_line(error)
        return next((why for sign, why in _REASONS.items() if sign in told.lower()), told)


class _Watch:
    """Shuts a socket down after so many seconds, unless it is ended before."""

    def __init__(self, number: int, seconds: float) -> None:
        self.expired = False
        # A socket of our own: the number of one that is closed may soon be another file's.
        driver = socket.socket(fileno=number)
        self._socket = driver.dup()
        driver.detach()
        self._timer = threading.Timer(seconds, self._shut)
        self._timer.daemon = True
        self._timer.start()

    def _shut(self) -> None:
        self.expired = True
        try:
            self._socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            return  # it is closed already, which is what was wanted

    def end(self) -> None:
        self._timer.cancel()
        self._timer.join()
        self._socket.close()
