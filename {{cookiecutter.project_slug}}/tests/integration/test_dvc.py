"""The stages of `dvc.yaml`, run by DVC itself in a repository of their own."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from {{ cookiecutter.package_name }} import PROJECT
from {{ cookiecutter.package_name }}.integrations.mlflow_client import connect

pytestmark = [
    pytest.mark.slow,
    # MLflow's own use of SQLAlchemy; nothing here can change it.
    pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SADeprecationWarning"),
]

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("config", "src", "deployment/api")
FILES = (".dvcignore", ".gitignore", "dvc.yaml", "params.yaml", "pyproject.toml", "tools/dvc.py")
CHOICES = "data: digits\nmodel: baseline\ntrainer: cpu\n"
OUTPUTS = ("data/processed/digits", "outputs/dvc", "reports/evaluation/local")
LEFT_OUT = {"run.lock"}

Call = Callable[..., str]


@pytest.fixture(scope="module")
def environment(tmp_path_factory) -> dict[str, str]:
    """Of this machine's settings for DVC and MLflow nothing; coverage is not for copies."""
    left_out = ("COV", "DVC_", "GIT_", "MLFLOW_")
    kept = {key: value for key, value in os.environ.items() if not key.startswith(left_out)}
    own = tmp_path_factory.mktemp("dvc")
    places = ("DVC_SITE_CACHE_DIR", "DVC_GLOBAL_CONFIG_DIR", "DVC_SYSTEM_CONFIG_DIR")
    return {**kept, **{name: str(own / name) for name in places}, "DVC_NO_ANALYTICS": "1"}


@pytest.fixture(scope="module")
def call(environment) -> Call:
    """Runs a program in a folder; its output."""

    def run(folder: Path, *command: str) -> str:
        done = subprocess.run(
            command, cwd=folder, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    return run


@pytest.fixture(scope="module")
def dvc(call) -> Call:
    """Runs DVC the way the recipes do."""
    return lambda folder, *arguments: call(folder, sys.executable, "tools/dvc.py", *arguments)


@pytest.fixture(scope="module")
def git(call) -> Call:
    """Runs git, with a name to commit by."""
    name = ("-c", "user.name=Tester", "-c", "user.email=tester@example.com")
    return lambda folder, *arguments: call(folder, "git", *name, *arguments)


def copied(target: Path) -> Path:
    """The files of this project that the stages read, with a model that trains in a moment."""
    for name in FOLDERS:
        shutil.copytree(ROOT / name, target / name, ignore=shutil.ignore_patterns("__pycache__"))
    (target / "tools").mkdir()
    for name in FILES:
        shutil.copy(ROOT / name, target / name)
    for name in ("raw", "processed"):
        (target / "data" / name).mkdir(parents=True)
        (target / "data" / name / ".gitkeep").touch()
    (target / "params.yaml").write_text(CHOICES)
    return target


@pytest.fixture(scope="module")
def repository(tmp_path_factory, dvc, git) -> Path:
    """A project after `dvc repro`, a commit, and `dvc push` to a local remote."""
    place = tmp_path_factory.mktemp("repository")
    root = copied(place / "project")
    git(root, "init", "--quiet")
    git(root, "config", "user.name", "Tester")
    git(root, "config", "user.email", "tester@example.com")
    dvc(root, "init", "--quiet")
    dvc(root, "remote", "add", "--quiet", "--default", "storage", str(place / "storage"))
    dvc(root, "repro", "--quiet")
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", "Train")
    dvc(root, "push", "--quiet")
    return root


@pytest.fixture
def copy(repository, tmp_path) -> Path:
    """A copy that a test may change."""
    return Path(shutil.copytree(repository, tmp_path / "copy", symlinks=True))


def contents(root: Path) -> dict[str, bytes]:
    """What the stages made, by path."""
    files = (file for name in OUTPUTS for file in (root / name).rglob("*"))
    return {
        file.relative_to(root).as_posix(): file.read_bytes()
        for file in files
        if file.is_file() and file.name not in LEFT_OUT
    }


def test_a_second_run_does_nothing(repository, dvc):
    before = (repository / "outputs/dvc/run.json").stat().st_mtime_ns

    assert "Data and pipelines are up to date" in dvc(repository, "repro")
    assert (repository / "outputs/dvc/run.json").stat().st_mtime_ns == before


def test_git_holds_the_lock_and_no_data(repository, git):
    held = git(repository, "ls-files").splitlines()

    assert "dvc.lock" in held
    assert [path for path in held if path.startswith(OUTPUTS)] == []
    assert git(repository, "status", "--porcelain") == ""


def test_another_clone_pulls_the_same_bytes_and_has_nothing_to_do(repository, dvc, git, tmp_path):
    git(tmp_path, "clone", "--quiet", str(repository), "clone")
    clone = tmp_path / "clone"

    dvc(clone, "pull", "--quiet")

    assert contents(clone) == contents(repository)
    assert "data/processed/digits/train.parquet" in contents(clone)
    assert "outputs/dvc/model.onnx" in contents(clone)
    assert "Data and pipelines are up to date" in dvc(clone, "repro")


def test_a_version_leads_back_to_its_data(repository, dvc, git, tmp_path):
    store = connect(f"sqlite:///{repository / 'mlflow.db'}")
    tags = store.get_model_version_by_alias(PROJECT, "dev").tags
    git(tmp_path, "clone", "--quiet", str(repository), "clone")
    clone = tmp_path / "clone"

    found = git(clone, "log", "--reverse", "--format=%h", "-S", tags["dvc_md5"], "--", "dvc.lock")
    git(clone, "switch", "--quiet", "--detach", found.split()[0])
    dvc(clone, "pull", "--quiet", "prepare")

    assert f"md5: {tags['dvc_md5']}\n" in (clone / "dvc.lock").read_text()
    manifest = json.loads((clone / "data/processed/digits/manifest.json").read_text())
    assert manifest["digest"] == tags["data_digest"]


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
        ("config/model/cnn.yaml", "batch_size", set()),
        ("config/gate.yaml", "task", set()),
    ],
)
def test_a_changed_value_concerns_the_stages_that_read_it(copy, dvc, file, key, stages):
    values = yaml.safe_load((copy / file).read_text(encoding="utf-8"))
    values[key] = "another"
    (copy / file).write_text(yaml.safe_dump(values), encoding="utf-8")

    assert set(json.loads(dvc(copy, "status", "--json"))) == stages


def test_another_model_concerns_training_alone(copy, dvc):
    (copy / "params.yaml").write_text(CHOICES.replace("baseline", "mlp"), encoding="utf-8")

    assert set(json.loads(dvc(copy, "status", "--json"))) == {"train"}


def test_bytecode_is_no_input_of_a_stage(copy, dvc):
    cache = copy / "src" / "{{ cookiecutter.package_name }}" / "data" / "__pycache__"
    cache.mkdir(exist_ok=True)
    (cache / "plan.pyc").write_bytes(b"compiled")

    assert json.loads(dvc(copy, "status", "--json")) == {}


def test_an_experiment_in_a_copy_is_compared_and_leaves_the_project_alone(copy, dvc, git):
    before = contents(copy)
    changed = "config/experiment/repro.yaml:++data.split.salt=2"

    dvc(copy, "exp", "run", "--temp", "--quiet", "--name", "other", "--set-param", changed)
    diff = json.loads(dvc(copy, "exp", "diff", "--json", "HEAD", "other"))

    (metrics,) = diff["metrics"].values()
    assert metrics["metrics.log_loss"]["diff"] != 0
    assert metrics["test_digest"]["old"] != metrics["test_digest"]["new"]
    assert contents(copy) == before
    assert git(copy, "status", "--porcelain") == ""


def test_a_file_of_ones_own_is_kept_by_dvc_and_its_pointer_by_git(copy, dvc, git):
    (copy / "data" / "raw" / "customers.csv").write_text("age,churned\n30,no\n")

    dvc(copy, "add", "--quiet", "data/raw/customers.csv")

    assert git(copy, "status", "--porcelain").split() == ["??", "data/raw/customers.csv.dvc"]
    assert "data/raw/customers.csv" in dvc(copy, "list", ".", "--recursive", "--dvc-only")
