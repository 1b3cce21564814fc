"""`evaluate`, `promote` and `rollback` on registered versions, in a store of their own."""

import json
import re

import numpy as np
import onnx
import pytest
from golden_rows import write_golden
from promoting import both, states

from {{ cookiecutter.package_name }} import PROJECT
from {{ cookiecutter.package_name }}.cli.evaluate import main as evaluate
from {{ cookiecutter.package_name }}.cli.promote import main as promote
from {{ cookiecutter.package_name }}.cli.rollback import main as rollback
from {{ cookiecutter.package_name }}.integrations.model_store import fetch
from {{ cookiecutter.package_name }}.integrations.registry import Registry
from {{ cookiecutter.package_name }}.schemas.errors import (
    GateRefused,
    ModelNotFound,
    MoveRefused,
)

# MLflow's own use of SQLAlchemy; nothing here can change it.
pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SADeprecationWarning"),
    pytest.mark.filterwarnings("ignore:.*Any type hint is inferred"),
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


def test_a_version_goes_from_dev_to_staging_to_prod_and_is_in_one_place(registered, capsys):
    registered(1)

    codes = [promote(["--to", "staging", "--reason", "first one"]), promote(["--to", "prod"])]
    again = promote(["--to", "prod", "--version", "1"])

    version, said = Registry(PROJECT).version("prod"), capsys.readouterr().out
    assert (codes, again) == ([0, 0], 0)
    assert (version.aliases, version.tags["lifecycle"]) == (("prod",), "prod")
    assert "staging names version 1 now (before: none)" in said
    assert "prod already names version 1; nothing changed" in said
    assert version.tags["test/accuracy"] == "1"
    assert not {"intent", "moving"} & {key.partition(".")[0] for key in version.tags}
    assert Registry(PROJECT).model_tags() == {}


def test_what_served_is_archived_and_comes_back_and_every_step_is_told(registered, capsys):
    registered(3)
    for version in (1, 2, 3):
        assert both(version) == [0, 0]
    served = states()

    codes = [rollback(["--reason", "too slow"]), rollback([]), rollback([])]
    back = states()
    forward = rollback(["--to-version", "3", "--by", "ada"])

    told = capsys.readouterr()
    assert served == {"1": "archived", "2": "archived", "3": "prod"}
    assert codes == [0, 0, ModelNotFound.exit_code]
    assert "prod names version 2 again; version 3 is archived" in told.out
    assert "no version to go back to: version 1 is the first that served" in told.err
    assert (back, forward) == ({"1": "prod", "2": "archived", "3": "archived"}, 0)
    assert Registry(PROJECT).aliases() == {"prod": "3", "archived": "1"}
    assert promote(["--history"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[2:7] for line in lines[1:10]] == [
        *[
            ["promote", str(number), *way]
            for number in (1, 2, 3)
            for way in (
                ["dev" if number == 3 else "registered", ">", "staging"],
                ["staging", ">", "prod"],
            )
        ],
        *[["rollback", number, "archived", ">", "prod"] for number in ("2", "1", "3")],
    ]
    assert lines[7].endswith("too slow")


def test_a_version_that_is_archived_serves_nothing(registered, capsys):
    registered(2)
    assert [*both(1), *both(2)] == [0, 0, 0, 0]

    for reference in ("archived", "1"):
        with pytest.raises(MoveRefused, match=r"Version 1 of .* is archived: it served before"):
            fetch(PROJECT, reference)
    code = promote(["--to", "staging", "--version", "1"])

    assert code == MoveRefused.exit_code
    assert "`rollback --to-version 1` brings it back" in capsys.readouterr().err


def test_a_refused_version_moves_nothing_and_hears_each_number(registered, tell, capsys):
    registered(1)
    tell({"skill": 1.5, "accuracy": 0.9, "each_class": {"recall": 0.5}})
    capsys.readouterr()
    before = Registry(PROJECT).snapshot()

    code = promote(["--to", "staging"])

    said = capsys.readouterr()
    assert code == GateRefused.exit_code
    skill = re.search(r"skill +(\d\.\d{4})", said.out).group(1)
    rows = [re.split(r"  +", line.strip()) for line in said.out.splitlines()[1:]]
    assert rows[0] == ["rule", "measured", "limit"]
    assert rows[4:] == [
        ["accuracy", "1.0000", ">=", "0.9", "holds"],
        ["skill", skill, ">=", "1.5", "BROKEN"],
        ["recall of class no", "1.0000", ">=", "0.5", "holds"],
        ["recall of class yes", "1.0000", ">=", "0.5", "holds"],
    ]
    assert said.err == (
        f"error: Version 1 was not promoted to staging: skill {skill} is not >= 1.5.\n"
    )
    assert Registry(PROJECT).snapshot() == before


def test_a_dry_run_measures_and_changes_nothing(registered, capsys):
    registered(1)
    before = Registry(PROJECT).snapshot()

    code = promote(["--to", "staging", "--dry-run"])

    said = capsys.readouterr().out
    assert code == 0
    assert said.endswith("  dev: version 1 -> none\n  staging: none -> version 1\n")
    assert Registry(PROJECT).snapshot() == before


def test_a_version_that_is_worse_than_prod_is_refused_unless_somebody_says_why(
    registered, run_folder, tell, capsys
):
    registered(1)
    assert both(1) == [0, 0]
    graph = onnx.load(run_folder / "model.onnx")
    (bias,) = [one for one in graph.graph.initializer if one.name == "bias"]
    bias.CopyFrom(onnx.numpy_helper.from_array(np.array([0, -30], dtype=np.float32), "bias"))
    onnx.save_model(graph, run_folder / "model.onnx")
    write_golden(run_folder)
    registered(1)
    tell({"accuracy": 0.1})
    capsys.readouterr()

    refused = promote(["--to", "staging"])
    said = capsys.readouterr()
    forced = promote(["--to", "staging", "--skip-comparison", "--reason", "a trial"])

    assert refused == GateRefused.exit_code
    assert "against version 1 in prod" in said.out
    assert re.search(r"skill against prod +-\d\.\d{4} +>= +-0\.02 +BROKEN", said.out)
    assert re.search(r"skill against prod, 95% sure +-\d\.\d{4} +>= +-0\.05 +BROKEN", said.out)
    assert forced == 0
    said = capsys.readouterr().out
    assert "against" not in said
    assert "--skip-comparison: not compared" in said
    assert promote(["--history"]) == 0
    assert re.search(r" \d rules hold, not compared ", capsys.readouterr().out.splitlines()[-3])
    assert states() == {"1": "prod", "2": "staging"}
