"""A prediction log in PostgreSQL."""

from collections.abc import Sequence

from sqlalchemy import Connection, Table, delete, select

from {{ cookiecutter.package_name }}.integrations.prediction_log.database import Database, Session
from {{ cookiecutter.package_name }}.integrations.prediction_log.migrating import upgrade
from {{ cookiecutter.package_name }}.integrations.prediction_log.names import insert_into, lines_of
from {{ cookiecutter.package_name }}.integrations.prediction_log.tables import LABELS, REQUESTS
from {{ cookiecutter.package_name }}.schemas.prediction_log import LoggedLabel, LoggedRequest

_PRUNED_AT_ONCE = 500
"""Requests in one transaction: the service goes on writing in between."""
_SECONDS, _SECONDS_A_ROW = 10.0, 0.005
"""A write may take so long."""


class PostgresStore:
    """A `PredictionStore` in a database of PostgreSQL."""

    def __init__(self, database: Database) -> None:
        self._session = Session(database)

    def open(self) -> None:
        """Connect, and run the migrations that are missing."""
        upgrade(self._session)

    def write(self, requests: Sequence[LoggedRequest], labels: Sequence[LoggedLabel]) -> None:
        """One transaction for all; see `PredictionStore`."""
        lines = lines_of(requests, labels)

        def put(connection: Connection) -> None:
            for table, values in lines:
                # Past SQLAlchemy, which would look at each value.
                connection.exec_driver_sql(insert_into(table, "%s"), values)

        if lines:
            self._session.run(put, _SECONDS + _SECONDS_A_ROW * (len(requests) + len(labels)))

    def prune(self, before: float) -> int:
        """Delete requests and labels that are older, a few in each transaction."""
        count = self._prune(REQUESTS, before)
        self._prune(LABELS, before)
        return count

    def _prune(self, table: Table, before: float) -> int:
        old = select(table.c.id).where(table.c.at < before).order_by(table.c.at, table.c.id)
        some = delete(table).where(table.c.id.in_(old.limit(_PRUNED_AT_ONCE)))
        total, last = 0, _PRUNED_AT_ONCE
        while last == _PRUNED_AT_ONCE:
            last = self._session.run(lambda connection: connection.execute(some).rowcount)
            total += last
        return total

    def close(self) -> None:
        """Close the connection; `write` would open another."""
        self._session.close()
