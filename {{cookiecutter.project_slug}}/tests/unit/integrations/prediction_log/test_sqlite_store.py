import sqlite3
import subprocess
import sys
import threading
from contextlib import closing

import pytest
from logged import NOON, label, request

from {{ cookiecutter.package_name }}.integrations.prediction_log import (
    open_store,
    sqlite,
    sqlite_file,
    sqlite_store,
)
from {{ cookiecutter.package_name }}.integrations.prediction_log.reading import rows
from {{ cookiecutter.package_name }}.schemas.errors import StoreUnavailable


def test_what_was_written_is_there_for_other_programs(store, ask):
    store.write([request(1, "yes", "no")], [label(1, "no", row=1)])

    assert ask("SELECT id, at, request_id, version, rows FROM prediction_requests") == [
        ("id000001", NOON + 1, "r1", "1", 2)
    ]
    assert ask("SELECT request_id, row_index, label, source FROM prediction_labels") == [
        ("r1", 1, "no", "clerk")
    ]


def test_ids_that_are_there_already_are_ignored_and_new_ones_beside_them_kept(store, ask):
    store.write([request(1)], [label(1, "no")])

    store.write([request(1, version="9"), request(2)], [label(1, "yes"), label(2, "yes")])

    assert ask("SELECT id, version FROM prediction_requests ORDER BY id") == [
        ("id000001", "1"),
        ("id000002", "1"),
    ]
    assert ask("SELECT label FROM prediction_labels ORDER BY at") == [("no",), ("yes",)]


def test_a_write_that_fails_half_way_keeps_nothing(store, ask, file):
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("DROP VIEW predicted_rows")
        connection.execute("DROP TABLE prediction_labels")

    with pytest.raises(StoreUnavailable, match="prediction_labels"):
        store.write([request(1)], [label(1, "yes")])

    assert ask("SELECT count(*) FROM prediction_requests") == [(0,)]


def test_requests_and_labels_older_than_a_moment_are_deleted_in_batches(store, ask, monkeypatch):
    monkeypatch.setattr(sqlite_store, "_PRUNED_AT_ONCE", 10)
    store.write([request(n) for n in range(35)], [label(n, "yes", later=0) for n in range(35)])

    assert store.prune(NOON + 30) == 30

    assert ask("SELECT min(at), count(*) FROM prediction_requests") == [(NOON + 30, 5)]
    assert ask("SELECT min(at), count(*) FROM prediction_labels") == [(NOON + 30, 5)]
    assert store.prune(NOON + 30) == 0


def test_the_file_becomes_smaller_when_rows_are_deleted(store, file, ask):
    columns = [f"c{n}" for n in range(100)]
    rows = [[float(n) for n in range(100)]]
    store.write([request(n, columns=columns, rows=rows) for n in range(1000)], [])
    store.close()
    full = file.stat().st_size

    store.prune(NOON + 990)
    store.close()

    assert file.stat().st_size < full / 4
    assert ask("SELECT count(*) FROM prediction_requests") == [(10,)]


def test_several_threads_open_and_write_at_once_and_nothing_is_lost(url, ask, monkeypatch):
    for module in (sqlite, sqlite_file):
        monkeypatch.setattr(module, "PATIENCE_SECONDS", 60.0)

    def write(first: int) -> None:
        with closing(open_store(url)) as own:
            own.open()
            for n in range(first, first + 50):
                own.write([request(n)], [])

    writers = [threading.Thread(target=write, args=(first,)) for first in (0, 50, 100, 150)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()

    assert ask("SELECT count(*) FROM prediction_requests") == [(200,)]


def test_a_log_that_another_process_keeps_locked_is_told_of(store, file, monkeypatch):
    monkeypatch.setattr(sqlite_file, "PATIENCE_SECONDS", 0.1)
    store.close()
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreUnavailable, match="another process has kept it locked"):
            store.write([request(1)], [])

    store.write([request(1)], [])


def test_a_full_disk_is_told_of_and_the_store_works_again_afterwards(store, ask):
    connection = store._connected()
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    connection.execute(f"PRAGMA max_page_count={pages}")

    with pytest.raises(StoreUnavailable, match="its disk is full"):
        store.write([request(n) for n in range(2000)], [])
    assert ask("SELECT count(*) FROM prediction_requests") == [(0,)]

    store.write([request(1)], [])
    assert ask("SELECT count(*) FROM prediction_requests") == [(1,)]


def test_texts_that_are_no_unicode_are_kept_without_what_is_wrong_with_them(store, ask):
    store.write([request(1, request_id="a\0b\ud800")], [label(1, "\ud800", source="c\0")])

    assert ask("SELECT request_id FROM prediction_requests") == [("a\ufffdb?",)]
    assert ask("SELECT label, source FROM prediction_labels") == [("?", "c\ufffd")]


def test_a_nul_in_a_value_is_replaced_and_a_text_that_looks_like_one_is_not(store, url):
    store.write([request(1, rows=[["a\0\0b", "c\\u0000"]])], [])

    (row,) = rows(url)

    assert row.inputs == {"age": "a\ufffd\ufffdb", "city": "c\\u0000"}


_WRITING = """
import sys
from {{ cookiecutter.package_name }}.integrations.prediction_log import open_store
from {{ cookiecutter.package_name }}.integrations.prediction_log.kinds import kind_of
kind_of(sys.argv[1]).check(sys.argv[1])
assert kind_of(sys.argv[1]).is_made(sys.argv[1])
store = open_store(sys.argv[1])
store.open()
store.write([], [])
store.prune(0)
print(sorted({"sqlalchemy", "alembic", "psycopg", "pyarrow"} & set(sys.modules)))
"""


def test_writing_a_log_that_is_there_imports_no_library_of_databases(store, url):
    command = [sys.executable, "-c", _WRITING, url]
    done = subprocess.run(command, capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"
