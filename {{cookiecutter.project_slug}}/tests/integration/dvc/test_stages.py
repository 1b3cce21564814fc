"""The stages of `dvc.yaml`, run by DVC itself: what runs, when, and what git and DVC keep."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

pytestmark = pytest.mark.slow

DATA, EVALUATION = "data/processed/digits", "reports/evaluation/local"


def test_a_second_run_does_nothing(repository, dvc):
    before = (repository / "outputs/dvc/run.json").stat().st_mtime_ns

    assert "Data and pipelines are up to date" in dvc(repository, "repro")
    assert (repository / "outputs/dvc/run.json").stat().st_mtime_ns == before


def test_git_holds_the_lock_and_no_data(repository, git, contents):
    held = git(repository, "ls-files").splitlines()

    assert "dvc.lock" in held
    assert set(held) & set(contents(repository)) == set()
    assert git(repository, "status", "--porcelain") == ""


def test_another_clone_pulls_the_same_bytes_and_has_nothing_to_do(repository, clone, dvc, contents):
    dvc(clone, "pull", "--quiet")

    pulled = contents(clone)
    assert pulled == contents(repository)
    assert {
        f"{DATA}/train.parquet",
        "outputs/dvc/model.onnx",
        "outputs/export/dvc/model.onnx",
        f"{EVALUATION}/metrics.json",
    } <= set(pulled)
    assert "Data and pipelines are up to date" in dvc(clone, "repro")


@pytest.fixture
def change(copy) -> Callable[[str, str], None]:
    """Gives a key of a file of values another value."""

    def write(file: str, key: str) -> None:
        values = yaml.safe_load((copy / file).read_text(encoding="utf-8"))
        text = yaml.safe_dump(values | {key: "another"})
        (copy / file).write_text(text, encoding="utf-8")

    return write


@pytest.mark.parametrize(
    ("file", "key", "stages"),
    [
        ("config/data/digits.yaml", "split", {"prepare", "train"}),
        ("config/experiment/repro.yaml", "data", {"prepare", "train"}),
        ("config/experiment/repro.yaml", "model", {"train"}),
        ("config/config.yaml", "seed", {"train"}),
        ("config/model/baseline.yaml", "name", {"train"}),
        ("config/trainer/default.yaml", "max_epochs", {"train"}),
        ("config/mlflow/default.yaml", "enabled", {"train"}),
        ("config/gate.yaml", "promotion", {"export"}),
    ],
)
def test_a_changed_value_concerns_the_stages_that_read_it(copy, dvc, change, file, key, stages):
    change(file, key)

    assert set(json.loads(dvc(copy, "status", "--json"))) == stages


def test_what_no_stage_reads_concerns_none(copy, dvc, change):
    change("config/gate.yaml", "task")
    change("config/model/cnn.yaml", "batch_size")
    change("config/trainer/gpu.yaml", "precision")
    bytecode = copy / "src" / "{{ cookiecutter.package_name }}" / "data" / "__pycache__" / "plan.pyc"
    bytecode.parent.mkdir(exist_ok=True)
    bytecode.write_bytes(b"compiled")

    assert json.loads(dvc(copy, "status", "--json")) == {}


def test_another_model_concerns_training_alone(copy, dvc):
    choices = yaml.safe_load((copy / "params.yaml").read_text(encoding="utf-8"))
    (copy / "params.yaml").write_text(yaml.safe_dump(choices | {"model": "mlp"}), encoding="utf-8")

    assert set(json.loads(dvc(copy, "status", "--json"))) == {"train"}


def test_a_change_that_changes_no_output_ends_there(copy, dvc, ran):
    """The limit is no part of the folder that `export` writes: after it, nothing else runs."""
    gate = copy / "config" / "gate.yaml"
    values = yaml.safe_load(gate.read_text(encoding="utf-8"))
    values["promotion"]["latency_ms"] = 4321.0
    gate.write_text(yaml.safe_dump(values), encoding="utf-8")

    told = dvc(copy, "repro")

    assert ran(told) == ["export"]
    assert "didn't change, skipping" in told


def test_a_file_of_ones_own_is_kept_by_dvc_and_its_pointer_by_git(copy, dvc, git):
    (copy / "data" / "raw" / "customers.csv").write_text("age,churned\n30,no\n")

    dvc(copy, "add", "--quiet", "data/raw/customers.csv")

    assert git(copy, "status", "--porcelain").split() == ["??", "data/raw/customers.csv.dvc"]
    assert "data/raw/customers.csv" in dvc(copy, "list", ".", "--recursive", "--dvc-only")
    assert not Path(copy / "data/raw/.gitignore").exists()


def test_new_data_are_compared_with_the_former_ones(copy, dvc):
    """DVC leaves them in place until `prepare` has replaced them."""
    file = copy / "config" / "data" / "digits.yaml"
    file.write_text(file.read_text().replace('salt: "1"', 'salt: "2"'), encoding="utf-8")

    told = dvc(copy, "repro", "--single-item", "prepare")

    assert "schema change: column 'pixel_" in told
