"""What `promote` and `rollback` refuse before anything is changed: a sentence and an exit code."""

from pathlib import Path

import pytest
import yaml
from promoting import both, states

from {{ cookiecutter.package_name }} import PROJECT
from {{ cookiecutter.package_name }}.cli.evaluate import main as evaluate
from {{ cookiecutter.package_name }}.cli.promote import main as promote
from {{ cookiecutter.package_name }}.cli.rollback import main as rollback
from {{ cookiecutter.package_name }}.data.processed import digest_of
from {{ cookiecutter.package_name }}.integrations.registry import Registry
from {{ cookiecutter.package_name }}.integrations.registry_writer import RegistryWriter
from {{ cookiecutter.package_name }}.schemas.errors import (
    ArtifactMismatch,
    DataError,
    ModelError,
    ModelNotFound,
    MoveRefused,
)

# MLflow's own use of SQLAlchemy; nothing here can change it.
pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SADeprecationWarning"),
    pytest.mark.filterwarnings("ignore:.*Any type hint is inferred"),
]


def test_an_approval_is_of_one_version_and_its_file(registered, tell, capsys):
    registered(2)
    tell(require_approval=True)
    capsys.readouterr()
    assert promote(["--to", "staging", "--version", "1"]) == 0

    missing = promote(["--to", "prod"])
    assert promote(["--approve", "--version", "2", "--by", "ada"]) == 0
    registry = Registry(PROJECT)
    registry.tag("1", {"approval": registry.version("2").tags["approval"]})
    of_another = promote(["--to", "prod"])
    registry.tag("1", {"approval": "yes"})
    unreadable = promote(["--to", "prod"])
    refused = capsys.readouterr().err.splitlines()
    approved = promote(["--approve", "--version", "1", "--by", "ada"])

    assert [missing, of_another, unreadable] == [MoveRefused.exit_code] * 3
    assert "Version 1 has no approval" in refused[0]
    assert "The approval by ada is of version 2" in refused[1]
    assert "Tag 'approval' of version 1 is no approval" in refused[2]
    assert (approved, promote(["--to", "prod"])) == (0, 0)
    assert promote(["--history"]) == 0
    assert "approved by ada" in capsys.readouterr().out


def test_other_data_than_the_version_was_trained_on_is_refused(
    registered, customers, project, capsys
):
    registered(1)
    changed = project / "data" / "processed" / "customers" / "manifest.json"
    files = customers.files | {"val": customers.files["train"]}
    digest = digest_of(customers.data_schema, files)
    other = customers.model_copy(update={"files": files, "digest": digest})
    changed.write_text(other.model_dump_json())

    code = promote(["--to", "staging"])

    assert code == DataError.exit_code
    assert "is not the one that version 1 was trained on" in capsys.readouterr().err
    assert "staging" not in Registry(PROJECT).aliases()


def test_a_candidate_evaluated_on_another_test_set_is_refused(registered, capsys):
    registered(1)
    Registry(PROJECT).tag("1", {"test_digest": "0123456789abcdef"})

    code = promote(["--to", "staging"])

    assert code == DataError.exit_code
    assert "evaluated on another test set (0123456789ab…)" in capsys.readouterr().err


@pytest.mark.parametrize(
    "command",
    [
        evaluate,
        lambda argv: promote(["--to", "prod", *argv]),
        lambda argv: promote(["--approve", *argv]),
        lambda argv: rollback(["--to-version", argv[1]]),
    ],
)
def test_a_version_that_is_not_there_is_one_sentence(command, project, capsys):
    code = command(["--version", "3"])

    assert code == ModelNotFound.exit_code
    assert capsys.readouterr().err.endswith("yet: run `uv run pipeline` first.\n")
    assert not (project / "mlflow.db").exists()


def test_a_version_without_a_signature_goes_nowhere(registered, project, capsys):
    registered(1)
    (described,) = project.glob("mlartifacts/models/*/artifacts/MLmodel")
    content = yaml.safe_load(described.read_text())
    del content["signature"]
    described.write_text(yaml.safe_dump(content))

    code = promote(["--to", "staging"])

    assert code == ArtifactMismatch.exit_code
    told = capsys.readouterr().err
    assert "Version 1 of '{{ cookiecutter.package_name }}' has no signature" in told
    assert states() == {"1": "dev"}


def test_a_record_that_somebody_changed_is_named(registered, capsys):
    registered(1)
    Registry(PROJECT).tag("1", {"move.20300101T000000.000000Z.prod": "yes"})

    codes = [promote(["--history"]), rollback([])]
    goes_on = promote(["--to", "staging"])

    said = capsys.readouterr().err
    assert (codes, goes_on) == ([ModelError.exit_code] * 2, 0)
    assert said.count("is no record of a move") == 3
    assert states() == {"1": "staging"}


def test_a_version_whose_digest_was_removed_goes_nowhere(registered, capsys):
    registered(1)
    RegistryWriter(Registry(PROJECT)).untag("1", "model_sha256")

    code = promote(["--to", "staging"])

    assert code == ArtifactMismatch.exit_code
    assert "has no tag 'model_sha256', so nobody can say" in capsys.readouterr().err
    assert states() == {"1": "dev"}


def test_prod_does_not_go_back_to_a_version_whose_file_only_this_machine_has(registered, capsys):
    registered(2)
    assert [*both(1), *both(2)] == [0, 0, 0, 0]
    here = rollback(["--dry-run"])
    Path(Registry(PROJECT).source_of("1").removeprefix("file://"), "model.onnx").unlink()

    code = rollback([])

    assert (here, code) == (0, ArtifactMismatch.exit_code)
    assert "/model.onnx', but there is no such file" in capsys.readouterr().err
    assert states() == {"1": "archived", "2": "prod"}


def test_a_debug_version_and_a_way_that_is_none_are_refused(registered, capsys):
    registered(2)

    unknown = promote(["--to", "prod", "--from", "champion"])
    too_early = promote(["--to", "prod", "--from", "dev"])
    Registry(PROJECT).tag("2", {"debug": "true"})
    debug = promote(["--to", "staging"])
    never_served = rollback(["--to-version", "1"])

    said = capsys.readouterr().err
    assert unknown == ModelNotFound.exit_code
    assert [too_early, debug, never_served] == [MoveRefused.exit_code] * 3
    assert "run `promote --to staging --version 2` first" in said
    assert "trained with debug=true" in said
    assert "prod cannot go back to version 1: it never served" in said
    assert states() == {"1": "registered", "2": "dev"}
