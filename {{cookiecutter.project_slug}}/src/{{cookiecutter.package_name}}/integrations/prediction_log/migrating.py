"""Brings a database to the newest schema; several processes may ask for it at once."""

import logging

from sqlalchemy import Connection, inspect, text

from {{ cookiecutter.package_name }}.integrations.prediction_log.database import Session
from {{ cookiecutter.package_name }}.integrations.prediction_log.migrations import (
    FOLDER,
    NEWEST,
    VERSION_TABLE,
)

_PATIENCE_SECONDS = 3600.0
"""A migration may rewrite a large table."""


def version_of(connection: Connection) -> str | None:
    """The schema that a database has; None for a database without a prediction log."""
    if not inspect(connection).has_table(VERSION_TABLE):
        return None
    found = connection.execute(text(f"SELECT version_num FROM {VERSION_TABLE}"))  # noqa: S608
    version: str | None = found.scalar_one_or_none()
    return version


def upgrade(session: Session) -> None:
    """Run the migrations that are missing.

    Raises StoreUnavailable where the database is something else, or of a newer release: nothing
    in it is changed then.
    """
    found = session.run(version_of)
    if found is None:
        what = session.run(session.database.foreign)
        if what and session.run(version_of) is None:  # else another process has just made the log
            raise session.unavailable(what)
        session.database.prepare(session.engine)
    elif found >= NEWEST:
        require_newest(session, found)
        return

    def migrate(connection: Connection) -> None:
        session.database.lock(connection)
        now = version_of(connection)  # another process may have been first
        if now is None or now < NEWEST:
            _migrate(connection)

    session.run(migrate, _PATIENCE_SECONDS)


def require_newest(session: Session, found: str | None) -> None:
    """StoreUnavailable for a database that this release cannot read and write as it is."""
    if found is None:
        raise session.unavailable("there is no prediction log in it yet")
    if found > NEWEST:
        raise session.unavailable(
            f"a newer release of this project made it (schema {found}, and this release knows "
            f"{NEWEST}): update the project"
        )
    if found < NEWEST:
        raise session.unavailable(
            f"its schema is {found}, and this release writes {NEWEST}: run `predictions upgrade`"
        )


def _migrate(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    logging.getLogger("alembic").setLevel(logging.WARNING)
    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, NEWEST)
