import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from logged import OPENING, request

from {{ cookiecutter.package_name }}.integrations.prediction_log import (
    migrating,
    open_reader,
    open_store,
)
from {{ cookiecutter.package_name }}.integrations.prediction_log.database import Session
from {{ cookiecutter.package_name }}.integrations.prediction_log.migrations import (
    FOLDER,
    NEWEST,
    VERSION_TABLE,
)
from {{ cookiecutter.package_name }}.integrations.prediction_log.names import COLUMNS
from {{ cookiecutter.package_name }}.integrations.prediction_log.sqlite import SqliteDatabase
from {{ cookiecutter.package_name }}.integrations.prediction_log.tables import METADATA
from {{ cookiecutter.package_name }}.schemas.errors import StoreUnavailable
from {{ cookiecutter.package_name }}.schemas.logged_rows import Selection


def test_the_newest_schema_is_the_head_of_the_migrations():
    config = Config()
    config.set_main_option("script_location", str(FOLDER))

    assert ScriptDirectory.from_config(config).get_heads() == [NEWEST]


def test_the_migrations_make_the_tables_that_the_code_writes(store, url, file):
    def differences(connection):
        context = MigrationContext.configure(
            connection, opts={"version_table": VERSION_TABLE, "compare_type": True}
        )
        return compare_metadata(context, METADATA)

    with closing(Session(SqliteDatabase(url, file))) as session:
        assert session.run(differences) == []
    for table in METADATA.tables.values():
        assert tuple(table.columns.keys()) == COLUMNS[table.name]


def test_a_log_is_in_wal_mode_and_gives_room_back(store, ask):
    assert ask("PRAGMA journal_mode") == [("wal",)]
    assert ask("PRAGMA auto_vacuum") == [(2,)]


def test_opening_a_log_again_keeps_what_is_in_it_and_imports_no_alembic(store, url, ask):
    store.write([request(1)], [])
    command = [sys.executable, "-c", OPENING, url]

    done = subprocess.run(command, input="", capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "False"
    assert ask("SELECT count(*) FROM prediction_requests") == [(1,)]


@pytest.mark.slow
def test_processes_that_start_at_once_make_one_log(url, ask):
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
    assert ask(f"SELECT version_num FROM {VERSION_TABLE}") == [(NEWEST,)]


def test_who_opens_a_log_while_another_makes_it_waits(url, monkeypatch):
    real, done = migrating._migrate, []

    def slowly(connection):
        time.sleep(0.1)
        real(connection)
        done.append("migrated")

    def opened():
        with closing(open_store(url)) as store:
            store.open()
        done.append("opened")

    monkeypatch.setattr(migrating, "_migrate", slowly)
    threads = [threading.Thread(target=opened) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(done) == ["migrated", *["opened"] * 3]


def test_a_log_of_a_newer_release_is_left_alone(store, file, url, ask):
    store.close()
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute(f"UPDATE {VERSION_TABLE} SET version_num = '0099'")

    with pytest.raises(StoreUnavailable, match=r"newer release .* \(schema 0099") as refused:
        open_store(url).open()

    assert "\n" not in str(refused.value)
    assert ask(f"SELECT version_num FROM {VERSION_TABLE}") == [("0099",)]


def test_a_log_of_an_older_release_is_read_when_it_was_brought_up_to_date(store, file, url):
    store.close()
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute(f"UPDATE {VERSION_TABLE} SET version_num = '0000'")

    with pytest.raises(StoreUnavailable, match="`predictions upgrade`"):
        next(open_reader(url).pieces(Selection()))


def test_a_file_that_is_no_database_is_left_alone(file, url):
    file.write_text("what somebody wrote\n" * 100)

    with pytest.raises(StoreUnavailable, match="no SQLite database"):
        open_store(url).open()

    assert file.read_text() == "what somebody wrote\n" * 100


def test_a_database_of_something_else_is_left_alone(file, url, ask):
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("CREATE TABLE experiments (name TEXT)")
    before = file.read_bytes()

    with pytest.raises(StoreUnavailable, match="'experiments'"):
        open_store(url).open()

    assert file.read_bytes() == before


def test_a_folder_that_is_not_there_is_told_of(tmp_path):
    with pytest.raises(StoreUnavailable, match="its folder exists"):
        open_store(f"sqlite:///{tmp_path}/nowhere/log.db").open()


def test_reading_a_log_that_nobody_has_written_makes_no_file(file, url):
    with pytest.raises(StoreUnavailable, match=r"There is no prediction log .*: start the service"):
        next(open_reader(url).pieces(Selection()))

    assert not file.exists()
