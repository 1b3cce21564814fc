import socket
from datetime import UTC, datetime

import pytest

from {{ cookiecutter.package_name }}.integrations.registry import Registry
from {{ cookiecutter.package_name }}.integrations.registry_writer import RegistryWriter
from {{ cookiecutter.package_name }}.integrations.version_list import (
    list_versions,
    metric_names,
)
from {{ cookiecutter.package_name }}.schemas.errors import (
    ModelNotFound,
    TrackingUnavailable,
)
from {{ cookiecutter.package_name }}.schemas.history import Move

# MLflow's own use of SQLAlchemy; nothing here can change it.
pytestmark = pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SADeprecationWarning")

NAME = "{{ cookiecutter.package_name }}"


@pytest.mark.slow
def test_versions_are_listed_with_aliases_metrics_and_history(store, register) -> None:
    first, second = register(store), register(store)
    registry = Registry(NAME, store)
    registry.log_metrics(first.run_id, {"test/accuracy": 0.5})
    done = Move(
        id="1",
        verb="promote",
        version=first.version,
        source="staging",
        to="prod",
        at=datetime(2030, 1, 2, tzinfo=UTC),
        by="ada",
        reason="first",
    )
    registry.tag(first.version, {done.tag: done.model_dump_json(), "test/macro_f1": "0.25"})
    RegistryWriter(registry).set_alias("prod", first.version)

    newest, oldest = list_versions(NAME, store)

    assert (newest.number, newest.aliases, newest.moves) == (int(second.version), ("dev",), ())
    assert (oldest.number, oldest.aliases) == (int(first.version), ("prod",))
    assert (oldest.state, oldest.data_rows, oldest.data_source) == ("prod", "60", "made up")
    assert (oldest.data_name, oldest.git_sha) == ("customers", "abc123")
    assert oldest.metrics["test/accuracy"] == 0.5
    assert oldest.metrics["test/macro_f1"] == 0.25
    assert metric_names([newest, oldest]) == ["test/accuracy", "test/macro_f1"]
    assert [(move.to, move.by, move.former, move.reason) for move in oldest.moves] == [
        ("prod", "ada", None, "first")
    ]


def test_a_project_without_a_store_says_what_to_run(project) -> None:
    with pytest.raises(ModelNotFound, match="`uv run pipeline` first"):
        list_versions(NAME)

    assert not (project / "mlflow.db").exists()


@pytest.mark.slow
def test_an_empty_store_says_what_to_run(store) -> None:
    with pytest.raises(ModelNotFound, match="`uv run pipeline` first"):
        list_versions(NAME, store)


@pytest.mark.slow
def test_a_registry_that_is_away_is_told(project) -> None:
    with socket.socket() as taken:  # bound but not listening: nobody answers, nobody else can
        taken.bind(("127.0.0.1", 0))
        with pytest.raises(TrackingUnavailable, match="connection refused"):
            list_versions(NAME, f"http://127.0.0.1:{taken.getsockname()[1]}")
