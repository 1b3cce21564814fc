import pytest

from {{ cookiecutter.package_name }}.integrations.prediction_log import open_store
from {{ cookiecutter.package_name }}.integrations.prediction_log.urls import (
    log_url,
    shown,
    without_secrets,
)
from {{ cookiecutter.package_name }}.schemas.errors import ConfigError, StoreUnavailable


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("postgresql://me:secret@host:5432/db", "postgresql://me:***@host:5432/db"),
        ("postgresql://me:se@cr:et@host/db", "postgresql://me:***@host/db"),
        ("postgresql://host/db?password=secret&x=1", "postgresql://host/db?password=***&x=1"),
        ("sqlite:///a.db", "sqlite:///a.db"),
        ("nonsense", "nonsense"),
    ],
)
def test_a_url_is_shown_without_its_password(url, expected):
    assert shown(url) == expected


def test_a_message_of_a_library_loses_the_password():
    assert without_secrets("no: secret", "postgresql://me:secret@host/db") == "no: ***"


def test_the_log_is_a_file_at_the_project_root_unless_something_else_is_said(project, monkeypatch):
    monkeypatch.delenv("PREDICTION_LOG_URL", raising=False)
    assert log_url() == f"sqlite:///{project}/predictions.db"

    monkeypatch.setenv("PREDICTION_LOG_URL", "sqlite:///other.db")
    assert log_url() == "sqlite:///other.db"
    assert log_url("sqlite:///mine.db") == "sqlite:///mine.db"


@pytest.mark.parametrize("url", ["mysql://me:secret@host/db", "predictions.db", ""])
def test_a_url_of_no_known_kind_is_refused_with_the_known_ones(url):
    with pytest.raises(ConfigError, match=r"postgresql://.*sqlite://") as refused:
        open_store(url)

    assert "secret" not in str(refused.value)


def test_a_misspelt_kind_is_told_the_right_one():
    with pytest.raises(ConfigError, match="did you mean postgresql://"):
        open_store("postgresq://host/db")


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///", "sqlite:///:memory:", "sqlite://x.db"])
def test_a_sqlite_url_without_a_file_is_refused(url):
    with pytest.raises(ConfigError, match="names no file"):
        open_store(url)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://me:secret@host",
        "postgresql://me:secret@host:many/db",
        "postgresql+psycopg2://me:secret@host/db",
    ],
)
def test_a_postgresql_url_that_cannot_be_used_is_refused(url):
    with pytest.raises(ConfigError, match="expected postgresql://") as refused:
        open_store(url)

    assert "secret" not in str(refused.value)


def test_a_server_that_is_not_there_is_told_of_without_the_password():
    with pytest.raises(StoreUnavailable, match="nothing answers there") as refused:
        open_store("postgresql://me:secret@127.0.0.1:1/db").open()

    assert "secret" not in str(refused.value)


def test_a_relative_path_starts_at_the_project_root(project, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)

    store = open_store("sqlite:///log.db")
    store.open()
    store.close()

    assert (project / "log.db").is_file()
