import sys
import time
from contextlib import closing

import pyarrow.parquet as pq
import pytest
from logged import label, request

from {{ cookiecutter.package_name }}.cli import prepare
from {{ cookiecutter.package_name }}.cli.predictions import main
from {{ cookiecutter.package_name }}.data.processed import load_manifest
from {{ cookiecutter.package_name }}.integrations.prediction_log import open_store, reading
from {{ cookiecutter.package_name }}.schemas.errors import StoreUnavailable

NOW = time.time()


@pytest.fixture
def log(project, monkeypatch):
    """Ten requests of the last hours, one in each; the newest is request 0."""
    monkeypatch.setenv("PREDICTION_LOG_URL", "sqlite:///log.db")
    with closing(open_store("sqlite:///log.db")) as store:
        store.open()
        requests = [request(n, at=NOW - 3600 * n - 60, version=str(n % 2)) for n in range(10)]
        store.write(requests, [label(0, "no")])
    return project


def test_the_newest_rows_are_shown_first(log, capsys):
    assert main(["show", "--rows", "3"]) == 0

    told = capsys.readouterr().out
    assert told.index("r0") < told.index("r1") < told.index("r2")
    assert "r3" not in told
    assert "no" in told


def test_a_pipe_gets_every_row_uncut_and_what_was_left_out(log, capsys):
    long = "7b0c4b6e-2b0f-4d0c-9f0f-4a2f5f3f9a11-of-a-client-that-likes-long-names-and-longer-ones"
    with closing(open_store("sqlite:///log.db")) as store:
        store.open()
        store.write([request(77, at=NOW, request_id=long)], [])

    main(["show", "--rows", "3"])

    head, first, *_, last = capsys.readouterr().out.splitlines()
    assert head.endswith("version  prediction  label   ms")
    assert first.split()[2:] == [long, "0", "1", "yes", "-", "2.0"]
    assert last == "3 of 11 answered rows"


def test_a_terminal_of_80_columns_shows_ids_of_the_service_whole(log, capsys, monkeypatch):
    with closing(open_store("sqlite:///log.db")) as store:
        store.open()
        store.write([request(77, at=NOW, request_id="7b0c4b6e2b0f4d0c9f0f4a2f5f3f9a11")], [])
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("TERM", "dumb")

    main(["show"])

    lines = capsys.readouterr().out.splitlines()
    (row,) = (line.split() for line in lines if "7b0c4b6e2b0f4d0c9f0f4a2f5f3f9a11" in line)
    assert (row[2:], max(map(len, lines)) <= 80) == (
        ["7b0c4b6e2b0f4d0c9f0f4a2f5f3f9a11", "0", "1", "yes", "-", "2.0"],
        True,
    )


def test_labels_that_miss_are_told_of(log, capsys):
    with closing(open_store("sqlite:///log.db")) as store:
        store.open()
        store.write([], [label(3, "no", 5), label(99, "no")])

    main(["show"])
    main(["export", "--to", "new.csv"])

    told = capsys.readouterr().out
    assert told.count("2 labels belong to no answered row") == 2


def test_rows_that_cannot_be_counted_in_time_are_shown(log, capsys, monkeypatch):
    def late(_):
        raise StoreUnavailable("no answer within 10 s")

    monkeypatch.setattr(reading, "totals", late)

    assert main(["show"]) == 0

    told = capsys.readouterr().out
    assert "r9" in told
    assert told.endswith("how many rows and labels there are is not known: no answer within 10 s\n")


@pytest.mark.parametrize("verb", [["show"], ["export", "--to", "new.csv"], ["upgrade"]])
def test_where_nothing_is_kept_it_is_said(project, capsys, verb):
    assert main(["--url", "none", *verb]) == 2

    assert "Nothing is kept: PREDICTION_LOG_URL is 'none'" in capsys.readouterr().err


def test_labelled_rows_are_a_data_set_to_train_on(log, capsys):
    with closing(open_store("sqlite:///log.db")) as store:
        store.open()
        many = [request(100 + n, at=NOW, rows=[[n % 37, "Oslo"]]) for n in range(80)]
        store.write(many, [label(100 + n, "no" if n % 3 else "yes") for n in range(80)])
    given = ["export", "--labelled", "--target", "churned", "--to", "data/raw/answered.parquet"]
    (log / "data" / "raw").mkdir(parents=True)

    assert main(given) == 0
    data = ["data=table", "data.path=data/raw/answered.parquet", "data.target=churned"]
    assert prepare.main([*data, "data.name=answered"]) == 0

    schema = load_manifest("answered").data_schema
    assert [column.name for column in schema.columns] == ["age", "city"]
    assert schema.target.name == "churned"
    assert not (log / "data" / "processed" / "table").exists()


def test_a_target_is_for_labelled_rows(log, capsys):
    with pytest.raises(SystemExit):
        main(["export", "--target", "churned", "--to", "new.csv"])

    assert "--target needs --labelled" in capsys.readouterr().err


def test_an_id_that_a_client_chose_forges_no_line(log, capsys):
    with closing(open_store("sqlite:///log.db")) as store:
        store.open()
        store.write([request(77, at=NOW, request_id="a\n\x1b[31mb")], [])

    main(["show", "--rows", "1"])

    assert "a [31mb" in capsys.readouterr().out


def test_rows_are_exported_by_time_and_version(log, capsys):
    given = ["--since", "5h", "--until", "1h", "--version", "1", "--to", "new.parquet"]

    assert main(["export", *given]) == 0

    assert capsys.readouterr().out == "2 rows: new.parquet\n"
    assert pq.read_table(log / "new.parquet")["request_id"].to_pylist() == ["r3", "r1"]


def test_old_requests_are_deleted(log, capsys):
    assert main(["prune", "--older-than", "5h"]) == 0

    assert capsys.readouterr().out == "5 requests deleted\n"
    main(["show"])
    assert "r5" not in capsys.readouterr().out


def test_the_schema_is_made_and_no_more(project, capsys):
    url = f"sqlite:///{project}/fresh.db"

    assert main(["--url", url, "upgrade"]) == 0
    assert main(["--url", url, "show"]) == 0

    assert capsys.readouterr().out == (
        f"the prediction log {url} is up to date\nthe prediction log is empty\n"
    )


def test_a_log_that_is_not_there_ends_with_its_exit_code(project, capsys):
    assert main(["--url", "sqlite:///nowhere.db", "show"]) == 10

    assert capsys.readouterr().err.startswith("error: There is no prediction log")


def test_an_address_that_cannot_be_used_ends_with_its_exit_code(project, capsys):
    assert main(["--url", "mysql://host/db", "show"]) == 2

    assert "sqlite://" in capsys.readouterr().err
