"""A commit is asked for the version that was trained from it."""

import pytest

from {{ cookiecutter.package_name }} import PROJECT
from {{ cookiecutter.package_name }}.integrations.commits import trained_from
from {{ cookiecutter.package_name }}.schemas.errors import TrackingUnavailable

# MLflow's own use of SQLAlchemy; nothing here can change it.
pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SADeprecationWarning"),
]


def test_the_newest_version_of_exactly_that_commit_is_found(store, register, run_start):
    for dirty in ("false", "false", "true"):
        run_start.tags["git_dirty"] = dirty
        register(store)

    assert trained_from(PROJECT, run_start.tags["git_sha"]) == "2"
    assert trained_from(PROJECT, "0" * 40) is None


def test_a_question_makes_no_database(project):
    assert trained_from(PROJECT, "0" * 40) is None

    assert not (project / "mlflow.db").exists()


def test_a_server_that_is_away_is_one_sentence(project, monkeypatch):
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://127.0.0.1:9")

    with pytest.raises(TrackingUnavailable, match="cannot be used"):
        trained_from(PROJECT, "0" * 40)
