"""Only what was merged into the default branch is released."""

import importlib
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from {{ cookiecutter.package_name }}.schemas.errors import ConfigError

TOOLS = Path(__file__).resolve().parents[3] / "tools"


@pytest.fixture
def tool(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(TOOLS)
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://mlflow.example")
    monkeypatch.delenv("CI_REPO_DEFAULT_BRANCH", raising=False)
    found = importlib.import_module("tagged")
    monkeypatch.delitem(sys.modules, "tagged")
    return found


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with v1.0.0 and then v1.1.0 on main, and v6.6.6 on a branch beside it."""
    folder = tmp_path / "project"
    (folder / "config").mkdir(parents=True)
    (folder / "pyproject.toml").write_text("[tool]\n")
    (folder / "config" / "gate.yaml").write_text("task: {}\n")
    git(folder, "init", "--quiet", "--initial-branch=main")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "first")
    git(folder, "tag", "v1.0.0")
    git(folder, "switch", "--quiet", "--create", "mine")
    git(folder, "commit", "--quiet", "--allow-empty", "--message", "no gate")
    git(folder, "tag", "v6.6.6")
    git(folder, "switch", "--quiet", "main")
    git(folder, "commit", "--quiet", "--allow-empty", "--message", "more")
    git(folder, "tag", "v1.1.0")
    return folder


def git(folder: Path, *arguments: str) -> None:
    subprocess.run(["git", *arguments], cwd=folder, check=True)


def clone(project: Path, *options: str) -> Path:
    made = project.with_name("clone")
    git(project.parent, "clone", "--quiet", *options, project.as_uri(), str(made))
    return made


def stated(tool: ModuleType, folder: Path, tag: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """What the tool says of a tag that is checked out: the tag itself, or why not."""
    git(folder, "checkout", "--quiet", tag)
    monkeypatch.setenv("PROJECT_ROOT", str(folder))
    monkeypatch.setenv("TAG", tag)
    try:
        return str(tool.stated_tag())
    except ConfigError as error:
        return str(error)


@pytest.mark.parametrize("tag", ["v1.0.0", "v1.1.0"])
@pytest.mark.parametrize("cloned", [True, False])
def test_what_was_merged_is_released(
    tool: ModuleType, project: Path, tag: str, *, cloned: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = clone(project) if cloned else project

    assert stated(tool, folder, tag, monkeypatch) == tag


@pytest.mark.parametrize("cloned", [True, False])
def test_a_branch_that_was_not_merged_brings_no_gate_of_its_own(
    tool: ModuleType, project: Path, *, cloned: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = clone(project) if cloned else project

    told = stated(tool, folder, "v6.6.6", monkeypatch)

    assert told.startswith("The tag v6.6.6 names a commit that is not in refs/")
    assert "Merge it, and tag what was merged." in told


def test_a_branch_of_the_clone_alone_is_not_the_default_branch(
    tool: ModuleType, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = clone(project)
    git(folder, "checkout", "--quiet", "-B", "main", "v6.6.6")

    told = stated(tool, folder, "v6.6.6", monkeypatch)

    assert "not in refs/remotes/origin/main" in told


def test_the_provider_says_how_the_default_branch_is_called(
    tool: ModuleType, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CI_REPO_DEFAULT_BRANCH", "mine")

    assert stated(tool, project, "v6.6.6", monkeypatch) == "v6.6.6"
    assert "is not in refs/heads/mine" in stated(tool, project, "v1.1.0", monkeypatch)


def test_a_clone_without_the_default_branch_says_what_to_fetch(
    tool: ModuleType, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = clone(project, "--single-branch", "--branch=v1.0.0")

    told = stated(tool, folder, "v1.0.0", monkeypatch)

    assert "This clone has no branch refs/remotes/origin/main" in told


def test_a_shallow_clone_that_cannot_tell_says_so(
    tool: ModuleType, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = clone(project, "--depth=1", "--no-single-branch")

    assert stated(tool, folder, "v1.1.0", monkeypatch) == "v1.1.0"
    assert "`git fetch --unshallow` first" in stated(tool, folder, "v1.0.0", monkeypatch)


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("TAG", "vienna", "The tag 'vienna' is no version: expected one like v1.2.3"),
        ("TAG", "v1.2", "The tag 'v1.2' is no version"),
        ("TAG", "v1.2.3\nv1", "is no version"),
        ("TAG", "v1.0.0", "The tag v1.0.0 names commit "),
        ("TAG", "v99.0.0", "This clone has no tag v99.0.0: `git fetch --tags`"),
        ("MLFLOW_TRACKING_URI", "", "MLFLOW_TRACKING_URI is not set"),
    ],
)
def test_what_is_no_release_is_told(
    tool: ModuleType,
    project: Path,
    name: str,
    value: str,
    told: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for key, text in {"PROJECT_ROOT": str(project), "TAG": "v1.1.0", name: value}.items():
        monkeypatch.setenv(key, text)

    with pytest.raises(ConfigError) as caught:
        tool.stated_tag()

    assert told in str(caught.value)
