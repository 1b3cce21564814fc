"""What differs between databases, and one connection whose errors are sentences."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Protocol, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from {{ cookiecutter.package_name }}.integrations.prediction_log.urls import unavailable
from {{ cookiecutter.package_name }}.schemas.errors import StoreUnavailable

Result = TypeVar("Result")
PATIENCE_SECONDS = 10.0
"""So long may a database take for an answer."""


class Database(Protocol):
    """One kind of database."""

    url: str

    def engine(self, *, read_only: bool) -> Engine:
        """Makes connections; none is open yet. Raises StoreUnavailable where there is no log."""
        ...

    def within(self, connection: Connection, seconds: float) -> AbstractContextManager[None]:
        """Ends the connection if the block takes longer: a server may hang without a word."""
        ...

    def foreign(self, connection: Connection) -> str | None:
        """What the database is, if it is not for a prediction log to be made in."""
        ...

    def prepare(self, engine: Engine) -> None:
        """Settings that a database keeps, before the first table is made."""
        ...

    def lock(self, connection: Connection) -> None:
        """Wait until no other process migrates; holds until the transaction ends."""
        ...

    def reason(self, error: Exception) -> str:
        """Why a statement or connection failed, in a few words."""
        ...


class Session:
    """Runs transactions in a database, each with one connection that is kept for the next."""

    def __init__(self, database: Database, *, read_only: bool = False) -> None:
        self.database = database
        self._read_only = read_only
        self._engine: Engine | None = None

    @property
    def engine(self) -> Engine:
        """Made when it is first asked for."""
        if self._engine is None:
            self._engine = self.database.engine(read_only=self._read_only)
        return self._engine

    def run(
        self, work: Callable[[Connection], Result], seconds: float = PATIENCE_SECONDS
    ) -> Result:
        """What `work` returns; all that it did is kept, or nothing. Raises StoreUnavailable.

        It runs once more where the connection had been lost while nobody used it.
        """
        kept = self._engine is not None
        try:
            try:
                return self._run(work, seconds)
            except DBAPIError as error:
                if not (kept and error.connection_invalidated):
                    raise
                self.close()
                return self._run(work, seconds)
        except (SQLAlchemyError, UnicodeError, TimeoutError) as error:
            self.close()
            raise self.unavailable(error) from error

    def _run(self, work: Callable[[Connection], Result], seconds: float) -> Result:
        with (
            self.engine.connect() as connection,
            self.database.within(connection, seconds),
            connection.begin(),
        ):
            return work(connection)

    def unavailable(self, error: Exception | str) -> StoreUnavailable:
        """The sentence for what went wrong."""
        why = error if isinstance(error, str) else self.database.reason(error)
        return unavailable(self.database.url, why)

    def close(self) -> None:
        """Close the connection; the next transaction makes another."""
        if self._engine is not None:
            self._engine.dispose()
            self._engine = None


def first_line(error: Exception) -> str:
    """What a driver says, without the statement and the values that SQLAlchemy adds."""
    told = str(getattr(error, "orig", None) or error).strip()
    return " ".join(told.partition("\n")[0].split())[:300] or type(error).__name__
