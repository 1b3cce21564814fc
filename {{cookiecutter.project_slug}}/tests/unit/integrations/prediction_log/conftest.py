"""A log in a SQLite file."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from {{ cookiecutter.package_name }}.integrations.prediction_log import open_store
from {{ cookiecutter.package_name }}.schemas.prediction_log import PredictionStore


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "log.db"


@pytest.fixture
def url(file: Path) -> str:
    return f"sqlite:///{file}"


@pytest.fixture
def store(url: str) -> Iterator[PredictionStore]:
    """An empty log, open."""
    with closing(open_store(url)) as made:
        made.open()
        yield made


@pytest.fixture
def ask(file: Path) -> Callable[[str], list[tuple]]:
    """Python's own SQLite: what is tested has no hand in it."""

    def asked(statement: str) -> list[tuple]:
        with closing(sqlite3.connect(file)) as connection:
            return connection.execute(statement).fetchall()

    return asked
