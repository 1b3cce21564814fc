"""A commit is asked for the version that was trained from it."""

import pytest

from {{ cookiecutter.package_name }} import PROJECT
from {{ cookiecutter.package_name }}.integrations.commits import trained_from
from {{ cookiecutter.package_name }}.schemas.errors import TrackingUnavailable

# MLflow's own use of SQLAlchemy; nothing here can change it.
pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SADeprecationWarning"),
    pytest.mark.filterwarnings("ignore:.*Any type hint is inferred"),
]

RECIPE = ["env=ci"]


def test_the_newest_version_of_exactly_that_commit_is_found(registered, run_start):
    run_start.tags["git_dirty"] = "false"
    registered(1)
    run_start.tags.update(arguments="env=ci", debug="false")
    registered(1)
    for other in (
        {"git_dirty": "true"},
        {"arguments": "seed=5"},
        {"arguments": "env=ci seed=5"},
        {"arguments": "", "debug": "true"},
    ):
        before = dict(run_start.tags)
        run_start.tags.update(other)
        registered(1)
        run_start.tags.update(before)

    assert trained_from(PROJECT, run_start.tags["git_sha"], RECIPE) == "2"
    assert trained_from(PROJECT, run_start.tags["git_sha"], ["seed=5"]) == "4"
    assert trained_from(PROJECT, "0" * 40, RECIPE) is None


def test_a_question_makes_no_database(project):
    assert trained_from(PROJECT, "0" * 40, RECIPE) is None

    assert not (project / "mlflow.db").exists()


def test_a_server_that_is_away_is_one_sentence(project, monkeypatch):
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://127.0.0.1:9")

    with pytest.raises(TrackingUnavailable, match="cannot be used"):
        trained_from(PROJECT, "0" * 40, RECIPE)
