"""The prediction log in a real PostgreSQL."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing

import psycopg
import pytest
from logged import NOON, OPENING, label, request, statements
from postgres_server import Postgres, postgres_server

from {{ cookiecutter.package_name }}.integrations.prediction_log import (
    open_store,
    postgres,
    postgres_store,
)
from {{ cookiecutter.package_name }}.integrations.prediction_log.exporting import export
from {{ cookiecutter.package_name }}.integrations.prediction_log.migrations import (
    NEWEST,
    VERSION_TABLE,
)
from {{ cookiecutter.package_name }}.integrations.prediction_log.reading import rows, summary, totals
from {{ cookiecutter.package_name }}.schemas.errors import StoreUnavailable
from {{ cookiecutter.package_name }}.schemas.logged_rows import Selection
from {{ cookiecutter.package_name }}.schemas.prediction_log import PredictionStore

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def server(tmp_path_factory) -> Iterator[Postgres]:
    with postgres_server(tmp_path_factory.mktemp("postgres")) as running:
        yield running


@pytest.fixture
def url(server) -> str:
    """A schema of the test's own: a database would take longer."""
    name = f"log_{time.monotonic_ns()}"
    with psycopg.connect(server.url) as connection:
        connection.execute(f"CREATE SCHEMA {name}")
    return f"{server.url}&options=-csearch_path%3D{name}"


@pytest.fixture
def store(url) -> Iterator[PredictionStore]:
    with closing(open_store(url)) as made:
        made.open()
        yield made


def ask(url: str, statement: str) -> list[tuple]:
    with psycopg.connect(url) as connection:
        return connection.execute(statement).fetchall()


def test_rows_are_written_once_and_read_back(url, store, tmp_path):
    store.write([request(n, "yes", "no") for n in range(50)], [label(3, "no", 1)])
    store.write([request(n, "maybe") for n in range(50)], [label(3, "no", 1), label(4, "x")])

    found = list(rows(url, Selection(since=NOON + 3, until=NOON + 5)))

    assert [(row.request_id, row.prediction, row.label) for row in found] == [
        ("r3", "yes", None),
        ("r3", "no", "no"),
        ("r4", "yes", "x"),
        ("r4", "no", None),
    ]
    assert summary(url, NOON, 3600)[0].by_prediction == {"no": 50, "yes": 50}
    assert export(url, Selection(), tmp_path / "all.parquet") == 100
    assert next(rows(url, newest=1)).request_id == "r49"


def test_the_view_has_a_line_for_each_row(url, store):
    store.write(
        [request(1, "yes", 2.5, rows=[[31, True], [40.5, None]])],
        [label(1, "no", 1, later=5), label(1, "yes", 1, later=9)],
    )

    found = ask(url, "SELECT row_index, inputs, prediction, label FROM predicted_rows")

    assert found == [
        (0, {"age": 31, "city": True}, "yes", None),
        (1, {"age": 40.5, "city": None}, "2.5", "yes"),
    ]


def test_the_statements_of_the_page_work(url, store):
    store.write([request(1, "yes", "no")], [label(1, "no", 0), label(1, "no", 1)])

    first, second, third, *deleting = statements()

    assert [(version, labelled) for version, labelled, _ in ask(url, first)] == [("1", 2)]
    assert ask(url, second) == [("2030-01-01", "no", 1), ("2030-01-01", "yes", 1)]
    assert ask(url, third) == [("Oslo", 1)]
    with psycopg.connect(url) as connection:
        for statement in deleting:
            connection.execute(statement.replace("the-request-id", "r1"))
    assert ask(url, "SELECT count(*) FROM predicted_rows") == [(0,)]


def test_what_postgresql_cannot_keep_does_not_stop_the_log(url, store):
    store.write([request(1, request_id="a\0b", rows=[["\0", "x"]])], [label(1, "\0")])

    (row,) = rows(url)
    assert row.request_id == "a\ufffdb"
    assert len(ask(url, "SELECT inputs FROM predicted_rows")) == 1


def test_old_requests_are_deleted(url, store):
    store.write([request(n) for n in range(1200)], [label(n, "yes", later=0) for n in range(9)])

    assert store.prune(NOON + 1100) == 1100

    assert ask(url, "SELECT count(*), min(at) FROM prediction_requests") == [(100, NOON + 1100)]
    assert ask(url, "SELECT count(*) FROM prediction_labels") == [(0,)]


def test_processes_that_start_at_once_make_one_log(url):
    command = [sys.executable, "-c", OPENING, url]
    running = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(4)
    ]
    for process in running:
        process.stdin.close()
    told = [process.stderr.read().decode() for process in running]
    for process in running:
        process.stderr.close()

    assert [process.wait() for process in running] == [0, 0, 0, 0], told
    assert ask(url, f"SELECT version_num FROM {VERSION_TABLE}") == [(NEWEST,)]


def test_rows_and_labels_that_belong_to_none_are_counted(url, store):
    store.write([request(1, "yes", "no")], [label(1, "no", 1), label(1, "no", 2), label(9, "no")])

    assert totals(url) == (2, 2)


def test_a_log_of_a_newer_release_and_tables_of_others_are_left_alone(url, store, server):
    with psycopg.connect(url) as connection:
        connection.execute(f"UPDATE {VERSION_TABLE} SET version_num = '0099'")
    with closing(open_store(url)) as other, pytest.raises(StoreUnavailable, match="newer release"):
        other.open()
    with psycopg.connect(url) as connection:
        connection.execute(f"DROP TABLE {VERSION_TABLE}")

    with closing(open_store(url)) as other, pytest.raises(StoreUnavailable, match="of something"):
        other.open()


def test_a_server_that_dies_is_told_of_and_written_to_again_when_it_is_back(url, store, server):
    store.write([request(1)], [])
    server.kill()
    try:
        with pytest.raises(StoreUnavailable, match=r"connection was lost|nothing answers"):
            store.write([request(2)], [])
    finally:
        server.start()

    store.write([request(1), request(2)], [])
    assert ask(url, "SELECT count(*) FROM prediction_requests") == [(2,)]

    # A connection that is lost while nobody uses it costs not even one write.
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
        )
    store.write([request(3)], [])
    assert ask(url, "SELECT count(*) FROM prediction_requests") == [(3,)]


def test_a_server_that_hangs_holds_nobody_up(url, store, server, monkeypatch):
    monkeypatch.setattr(postgres_store, "_SECONDS", 1.0)
    monkeypatch.setattr(postgres, "_CONNECT_SECONDS", 2)
    began = time.monotonic()
    server.freeze()
    try:
        for _ in ("while a statement waits", "while a connection is made"):
            with pytest.raises(StoreUnavailable, match="no answer"):
                store.write([request(1)], [])
    finally:
        server.thaw()

    assert time.monotonic() - began < 60
    store.write([request(1)], [])
    assert ask(url, "SELECT count(*) FROM prediction_requests") == [(1,)]


def test_a_database_that_takes_no_changes_is_told_of(url, store):
    copy = open_store(f"{url}%20-cdefault_transaction_read_only%3Don")

    with closing(copy), pytest.raises(StoreUnavailable, match="takes no changes"):
        copy.write([request(1)], [])
