"""`evaluate` and `promote` on a registered version, in a store of their own."""

import json
import re

import pytest
import yaml

from {{ cookiecutter.package_name }} import PROJECT
from {{ cookiecutter.package_name }}.cli.evaluate import main as evaluate
from {{ cookiecutter.package_name }}.cli.promote import main as promote
from {{ cookiecutter.package_name }}.data.processed import digest_of
from {{ cookiecutter.package_name }}.integrations.registry import Registry
from {{ cookiecutter.package_name }}.schemas.errors import DataError, GateRefused, ModelNotFound

# MLflow's own use of SQLAlchemy; nothing here can change it.
pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SADeprecationWarning"),
]


def test_an_evaluation_is_reported_and_kept_with_the_version(store, register, project, capsys):
    served = register(store)

    code = evaluate([])

    version = Registry(PROJECT).version("dev")
    folder = project / "reports" / "evaluation" / "v1"
    numbers = json.loads((folder / "metrics.json").read_text())
    page = (folder / "report.html").read_text()
    assert code == 0
    assert "accuracy           1.0000  share of rows answered right" in capsys.readouterr().out
    assert sorted(path.name for path in folder.iterdir()) == [
        "confusion_matrix.svg",
        "metrics.json",
        "report.html",
    ]
    assert (numbers["rows"], numbers["metrics"]["accuracy"]) == (20, 1.0)
    assert served.run_id in page
    assert page.count("<svg") == 1
    assert version.tags["test_digest"] == numbers["test_digest"]
    assert version.tags["test/accuracy"] == "1"


def test_a_model_file_is_evaluated_without_a_registry(project, run_folder, capsys):
    code = evaluate(["--model-file", str(run_folder / "model.onnx")])

    folder = project / "reports" / "evaluation" / "local"
    numbers = json.loads((folder / "metrics.json").read_text())
    assert code == 0
    assert (numbers["version"], numbers["metrics"]["accuracy"]) == ("local", 1.0)
    assert "model.onnx (baseline) on 20 test rows of customers" in capsys.readouterr().out
    assert (folder / "report.html").is_file()
    assert not (project / "mlflow.db").exists()


def test_a_version_goes_from_dev_to_staging_to_prod(store, register, capsys):
    register(store)

    assert promote(["--to", "staging", "--reason", "first one"]) == 0
    assert promote(["--to", "prod"]) == 0
    assert promote(["--to", "prod", "--version", "1"]) == 0

    version = Registry(PROJECT).version("prod")
    said = capsys.readouterr().out
    assert version.aliases == ("dev", "prod", "staging")
    assert version.tags["lifecycle"] == "prod"
    assert version.tags["staging.reason"] == "first one"
    assert "staging names version 1 now (before: none)" in said
    assert "prod already names version 1; nothing changed" in said


def test_a_refused_version_moves_nothing_and_hears_each_number(store, register, project, capsys):
    register(store)
    limits = {"skill": 1.5, "accuracy": 0.9}
    by_task = {"classification": limits}
    (project / "config" / "gate.yaml").write_text(yaml.safe_dump({"task": by_task}))
    before = Registry(PROJECT).version("dev")

    code = promote(["--to", "staging"])

    said = capsys.readouterr()
    assert code == GateRefused.exit_code
    skill = re.search(r"skill +(\d\.\d{4})", said.out).group(1)
    assert said.out.splitlines()[1:] == [
        "  rule      measured      limit",
        "  accuracy    1.0000  >=    0.9  holds",
        f"  skill       {skill}  >=    1.5  BROKEN",
    ]
    assert said.err == (
        f"error: Version 1 was not promoted to staging: skill {skill} is not >= 1.5.\n"
    )
    assert Registry(PROJECT).version("dev") == before


def test_other_data_than_the_version_was_trained_on_is_refused(
    store, register, customers, project, capsys
):
    register(store)
    changed = project / "data" / "processed" / "customers" / "manifest.json"
    files = customers.files | {"val": customers.files["train"]}
    digest = digest_of(customers.data_schema, files)
    other = customers.model_copy(update={"files": files, "digest": digest})
    changed.write_text(other.model_dump_json())

    code = promote(["--to", "staging"])

    assert code == DataError.exit_code
    assert "is not the one that version 1 was trained on" in capsys.readouterr().err
    assert "staging" not in Registry(PROJECT).aliases()


@pytest.mark.parametrize("command", [evaluate, lambda argv: promote(["--to", "prod", *argv])])
def test_a_version_that_is_not_there_is_one_sentence(command, project, capsys):
    code = command(["--version", "3"])

    assert code == ModelNotFound.exit_code
    assert capsys.readouterr().err.endswith("yet: run `pipeline` first.\n")
    assert not (project / "mlflow.db").exists()
