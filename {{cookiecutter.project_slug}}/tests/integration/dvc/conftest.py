"""A repository of this project's code in which DVC itself has run the stages of `dvc.yaml`."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
FOLDERS = ("config", "src", "deployment/api")
FILES = (".dvcignore", ".gitignore", "dvc.yaml", "params.yaml", "pyproject.toml", "tools/dvc.py")
CHOICES = "data: digits\nmodel: baseline\ntrainer: cpu\n"
OUTPUTS = ("data/processed/digits", "outputs/dvc", "outputs/export/dvc", "reports/evaluation/local")
LEFT_OUT = {"run.lock"}
RESTORE = "{{ cookiecutter.package_name }}.cli.restore"

Call = Callable[..., str]
Try = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def attempt(tmp_path_factory) -> Try:
    """Runs a program in a folder; of this machine's settings for DVC and MLflow it has nothing."""
    left_out = ("COV", "DVC_", "GIT_", "MLFLOW_", "PROJECT_ROOT", "UV")  # coverage: not for copies
    kept = {key: value for key, value in os.environ.items() if not key.startswith(left_out)}
    kept |= {key: value for key, value in os.environ.items() if key.startswith("UV_")}
    own = tmp_path_factory.mktemp("dvc")
    places = ("DVC_SITE_CACHE_DIR", "DVC_GLOBAL_CONFIG_DIR", "DVC_SYSTEM_CONFIG_DIR")
    kept |= {name: str(own / name) for name in places} | {"DVC_NO_ANALYTICS": "1"}

    def run(folder: Path, *command: str, **others: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command, cwd=folder, env=kept | others, capture_output=True, text=True, check=False
        )

    return run


@pytest.fixture(scope="session")
def call(attempt) -> Call:
    """Runs a program that must succeed; its output."""

    def run(folder: Path, *command: str, **others: str) -> str:
        done = attempt(folder, *command, **others)
        assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    return run


@pytest.fixture(scope="session")
def dvc(call) -> Call:
    """Runs DVC the way the recipes do."""
    return lambda folder, *arguments: call(folder, sys.executable, "tools/dvc.py", *arguments)


@pytest.fixture(scope="session")
def git(call) -> Call:
    """Runs git, with a name to commit by."""
    name = ("-c", "user.name=Tester", "-c", "user.email=tester@example.com")
    return lambda folder, *arguments: call(folder, "git", *name, *arguments)


@pytest.fixture(scope="session")
def restore(attempt) -> Try:
    """Runs `restore` with the code of a folder, and with its MLflow store unless told otherwise."""

    def run(
        folder: Path, *arguments: str, cwd: Path | None = None
    ) -> subprocess.CompletedProcess[str]:
        paths = os.pathsep.join(str(folder / name) for name in ("src", "deployment/api"))
        command = (sys.executable, "-P", "-m", RESTORE, *arguments)
        return attempt(cwd or folder, *command, PYTHONPATH=paths)

    return run


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


@pytest.fixture(scope="session")
def repository(tmp_path_factory, dvc, git) -> Path:
    """A project after a commit, `dvc repro`, another commit, and `dvc push` to a local remote."""
    place = tmp_path_factory.mktemp("repository")
    root = copied(place / "project")
    git(root, "init", "--quiet")
    git(root, "config", "user.name", "Tester")
    git(root, "config", "user.email", "tester@example.com")
    dvc(root, "init", "--quiet")
    dvc(root, "remote", "add", "--quiet", "--default", "storage", "../storage")
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", "Begin")
    dvc(root, "repro", "--quiet")
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", "Train")
    dvc(root, "push", "--quiet")
    return root


@pytest.fixture
def copy(repository, tmp_path) -> Path:
    """A copy that a test may change, with a remote of its own."""
    shutil.copytree(repository.parent / "storage", tmp_path / "storage")
    return Path(shutil.copytree(repository, tmp_path / "copy", symlinks=True))


@pytest.fixture
def clone(repository, git, tmp_path) -> Path:
    """A clone beside a copy of the remote: DVC's cache is empty there, and so is MLflow's store."""
    shutil.copytree(repository.parent / "storage", tmp_path / "storage")
    git(tmp_path, "clone", "--quiet", str(repository), "clone")
    return tmp_path / "clone"


@pytest.fixture
def contents() -> Callable[[Path], dict[str, bytes]]:
    """What the stages made below a folder, by path."""

    def read(root: Path) -> dict[str, bytes]:
        files = (file for name in OUTPUTS for file in (root / name).rglob("*"))
        return {
            file.relative_to(root).as_posix(): file.read_bytes()
            for file in files
            if file.is_file() and file.name not in LEFT_OUT
        }

    return read


@pytest.fixture(scope="session")
def ran() -> Callable[[str], list[str]]:
    """The stages that ran, in order, by what `repro` or `exp run` told."""

    def read(told: str) -> list[str]:
        begun = [line for line in told.splitlines() if line.startswith("Running stage")]
        return [line.split("'")[1] for line in begun]

    return read
