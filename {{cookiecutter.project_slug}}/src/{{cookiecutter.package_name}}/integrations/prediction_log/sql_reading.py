"""Reads a prediction log in a database, a page at a time."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from sqlalchemy import Connection, Select, func, literal, select, tuple_

from {{ cookiecutter.package_name }}.integrations.prediction_log.database import Database, Session
from {{ cookiecutter.package_name }}.integrations.prediction_log.kinds import Piece, Totals
from {{ cookiecutter.package_name }}.integrations.prediction_log.migrating import (
    require_newest,
    version_of,
)
from {{ cookiecutter.package_name }}.integrations.prediction_log.tables import LABELS, REQUESTS
from {{ cookiecutter.package_name }}.schemas.logged_rows import Selection
from {{ cookiecutter.package_name }}.schemas.prediction_log import LoggedLabel, LoggedRequest

_FIRST_REQUESTS, _MOST_REQUESTS = 32, 1000
_ROWS = 4000
"""A page has about so many rows, judged by the page before."""


class SqlReader:
    """A `Reader` of SQLite or PostgreSQL.

    Each page is a short transaction of its own: who reads for an hour is in nobody's way.
    """

    def __init__(self, database: Database) -> None:
        self._session = Session(database, read_only=True)

    def pieces(
        self, asked: Selection, *, newest_first: bool = False, inputs: bool = True
    ) -> Iterator[Piece]:
        """See `Reader`."""
        require_newest(self._session, self._session.run(version_of))
        wanted, count = _wanted(asked, newest_first=newest_first, inputs=inputs), _FIRST_REQUESTS
        order = (REQUESTS.c.at, REQUESTS.c.id)
        place: LoggedRequest | None = None
        while True:
            page = wanted.limit(count)
            if place is not None:
                there = tuple_(*order)
                here = tuple_(literal(place.at), literal(place.id))
                page = page.where(there < here if newest_first else there > here)
            piece = self._session.run(partial(_read, page))
            if piece.requests:
                yield piece
            if len(piece.requests) < count:
                return
            place = piece.requests[-1]
            rows = sum(request.rows for request in piece.requests)
            count = max(1, min(_MOST_REQUESTS, _ROWS * count // max(rows, 1)))

    def totals(self) -> Totals:
        """See `Reader`."""
        require_newest(self._session, self._session.run(version_of))
        return self._session.run(_totals)

    def close(self) -> None:
        """Close the connection."""
        self._session.close()


def _wanted(asked: Selection, *, newest_first: bool, inputs: bool) -> Select[Any]:
    table = REQUESTS.c
    content = table.inputs if inputs else literal('{"columns":[],"rows":[]}').label("inputs")
    found = select(*(content if column is table.inputs else column for column in table))
    if asked.since is not None:
        found = found.where(table.at >= asked.since)
    if asked.until is not None:
        found = found.where(table.at < asked.until)
    if asked.version is not None:
        found = found.where(table.version == asked.version)
    order = (table.at, table.id)
    return found.order_by(*(column.desc() if newest_first else column for column in order))


def _read(page: Select[Any], connection: Connection) -> Piece:
    requests = [LoggedRequest(**row) for row in connection.execute(page).mappings()]
    ids = {request.request_id for request in requests}
    told = select(LABELS).where(LABELS.c.request_id.in_(ids)).order_by(LABELS.c.at, LABELS.c.id)
    labels = {}
    for each in connection.execute(told) if ids else ():
        label = LoggedLabel(
            each.id, each.at, each.request_id, each.row_index, each.label, each.source
        )
        labels[label.request_id, label.row] = label
    return Piece(requests, labels)


def _totals(connection: Connection) -> Totals:
    answered = select(func.coalesce(func.sum(REQUESTS.c.rows), 0))
    theirs = select(REQUESTS.c.id).where(
        REQUESTS.c.request_id == LABELS.c.request_id, REQUESTS.c.rows > LABELS.c.row_index
    )
    strays = select(func.count()).select_from(LABELS).where(~theirs.exists())
    return Totals(*(int(connection.execute(each).scalar_one()) for each in (answered, strays)))
