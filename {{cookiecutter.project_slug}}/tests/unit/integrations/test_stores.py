from pathlib import Path

import pytest

from {{ cookiecutter.package_name }}.integrations.stores import (
    artifact_location,
    exists,
    reason,
    tracking_uri,
    unavailable,
    without_password,
)
from {{ cookiecutter.package_name }}.schemas.errors import ConfigError


def test_the_store_is_at_the_project_root_from_any_folder(project, monkeypatch):
    (project / "deep").mkdir()
    monkeypatch.chdir(project / "deep")

    uri = tracking_uri()

    assert uri == f"sqlite:///{project / 'mlflow.db'}"
    assert artifact_location(uri) == (project / "mlartifacts").as_uri()


def test_the_environment_wins_over_the_configuration(project, monkeypatch):
    assert tracking_uri("http://configured") == "http://configured"

    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://stated")
    assert tracking_uri("http://configured") == "http://stated"

    monkeypatch.setenv("MLFLOW_TRACKING_URI", "")
    assert tracking_uri("http://configured") == "http://configured"


def test_a_relative_database_lies_below_the_project_root(project):
    assert tracking_uri("sqlite:///runs/a.db") == f"sqlite:///{project}/runs/a.db"
    assert tracking_uri("sqlite:////srv/a.db") == "sqlite:////srv/a.db"


@pytest.mark.parametrize("folder", ["./mlruns", "mlruns", "file:///srv/mlruns", "file:mlruns"])
def test_a_folder_is_refused_with_what_to_give_instead(folder, project):
    with pytest.raises(ConfigError, match=f"'{folder}'.*http://host:5000"):
        tracking_uri(folder)


def test_files_lie_where_the_store_decides(project):
    assert artifact_location("http://server") is None
    assert artifact_location("sqlite:////srv/a.db") == "file:///srv/mlartifacts"
    assert artifact_location("postgresql://db/x") == (project / "mlartifacts").as_uri()


def test_only_a_database_file_can_be_known_to_be_missing(tmp_path: Path):
    (tmp_path / "a.db").touch()

    assert exists("http://server")
    assert exists(f"sqlite:///{tmp_path}/a.db")
    assert not exists(f"sqlite:///{tmp_path}/b.db")


def test_passwords_are_not_printed():
    assert without_password("http://me:secret@host:80/x") == "http://…@host:80/x"
    assert without_password("http://host") == "http://host"
    assert "secret" not in reason(OSError("cannot open http://me:secret@host/"))


def test_what_libraries_say_in_a_page_becomes_a_few_words():
    noise = f"{'HTTPConnectionPool ' * 40}: [Errno 111] Connection refused"

    assert reason(OSError(noise)) == "connection refused"
    assert reason(OSError("strange\n  thing")) == "strange thing"
    assert reason(OSError()) == "OSError"


@pytest.mark.parametrize(
    ("uri", "start"), [("http://h", "The MLflow server at 'http://h'"), ("sqlite:///x", "The MLf")]
)
def test_an_unusable_store_is_named_with_what_to_do(uri, start):
    sentence = str(unavailable(uri, "because"))

    assert sentence.startswith(start)
    assert f"{uri}' cannot be used (because): see that it runs" in sentence


def test_a_databases_statement_is_no_part_of_the_reason():
    text = (
        "(sqlite3.OperationalError) no such table: experiments\n[SQL: SELECT a\nFROM experiments]"
        "\n[parameters: (1,)]\n(Background on this error at: https://sqlalche.me/e/20/e3q8)"
    )

    assert reason(RuntimeError(text)) == "no such table: experiments"
