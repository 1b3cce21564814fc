"""What CI does for a tag: which commands it runs, and what it refuses to do."""

import importlib
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from {{ cookiecutter.package_name }}.integrations.versions import VersionInfo

TOOLS = Path(__file__).resolve().parents[3] / "tools"


class Steps:
    """The tool in a project of one commit with tag v1.0.0; commands are written down, not run."""

    def __init__(self, tool: ModuleType, folder: Path) -> None:
        self.tool, self.folder = tool, folder
        self.commands: list[str] = []
        self.versions: list[str] = []  # of this commit; training makes one
        self.aliases: dict[str, str] = {}
        self.code = 0

    def call(self, verb: str, *arguments: str) -> None:
        self.commands.append(" ".join([verb, *arguments]))
        if self.code:
            raise self.tool.StepFailed(self.code)
        if verb == "train":
            self.versions.append("5")

    def git(self, *arguments: str) -> None:
        subprocess.run(["git", *arguments], cwd=self.folder, check=True)

    def take(self, step: str) -> int:
        return self.tool.run(lambda: self.tool.taken(step))


@pytest.fixture
def steps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Steps:
    monkeypatch.syspath_prepend(TOOLS)
    tool = importlib.import_module("release")
    for name in ("release", "tagged"):
        monkeypatch.delitem(sys.modules, name)
    steps = Steps(tool, tmp_path / "project")
    steps.folder.mkdir()
    (steps.folder / "pyproject.toml").write_text("[tool]\n")
    (steps.folder / "config").mkdir()
    gate = "promotion: {require_approval: false}\n"
    (steps.folder / "config" / "gate.yaml").write_text(gate)
    steps.git("init", "--quiet", "--initial-branch=main")
    steps.git("add", "--all")
    steps.git("commit", "--quiet", "--message", "first")
    steps.git("tag", "v1.0.0")
    for name, value in {
        "PROJECT_ROOT": str(steps.folder),
        "MLFLOW_TRACKING_URI": "http://mlflow.example",
        "TAG": "v1.0.0",
        "ALIAS": "staging",
        "VERSION": "7",
        "REASON": "--because",
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("CI_REPO_DEFAULT_BRANCH", raising=False)
    known = {
        "aliases": lambda _: steps.aliases,
        "version": lambda _, number: VersionInfo("", number, None),
    }
    registry = type("Registry", (), known)
    monkeypatch.setattr(tool, "call", steps.call)
    monkeypatch.setattr(tool, "Registry", lambda _: registry())
    monkeypatch.setattr(tool, "trained_from", lambda *_: (steps.versions or [None])[-1])
    return steps


def test_a_commit_is_trained_once(steps: Steps) -> None:
    assert [steps.take("candidate"), steps.take("candidate")] == [0, 0]

    assert steps.commands == ["prepare", "train env=ci", "prepare"]


def test_the_version_of_the_commit_is_exported_and_promoted(steps: Steps) -> None:
    steps.versions = ["5"]

    assert [steps.take("export"), steps.take("release")] == [0, 0]

    promoted = "promote --to staging --version 5 --reason=release v1.0.0"
    assert steps.commands == ["export --version 5", promoted]


def test_prod_takes_what_staging_names(
    steps: Steps, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ALIAS", "prod")
    steps.versions, steps.aliases = ["5"], {"staging": "6"}

    refused = steps.take("release")
    steps.aliases = {"staging": "5"}

    assert refused == 2
    assert "v1.0.0 is version 5, but staging names 6" in capsys.readouterr().err
    assert steps.take("release") == 0
    assert steps.commands == ["promote --to prod --version 5 --reason=release v1.0.0"]


@pytest.mark.parametrize(
    ("alias", "aliases"),
    [
        ("staging", {"staging": "5"}),
        ("staging", {"prod": "5", "staging": "6"}),
        ("prod", {"prod": "5", "staging": "6"}),
    ],
)
def test_what_was_released_already_stays_there(
    steps: Steps, alias: str, aliases: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALIAS", alias)
    steps.versions, steps.aliases = ["5"], aliases

    assert steps.take("release") == 0

    assert steps.commands == []


def test_what_a_person_typed_stays_a_value(steps: Steps, monkeypatch: pytest.MonkeyPatch) -> None:
    assert [steps.take("promote"), steps.take("rollback")] == [0, 0]
    monkeypatch.setenv("VERSION", "")
    assert steps.take("rollback") == 0

    assert steps.commands == [
        "prepare",
        "promote --to=staging --version=7 --reason=--because",
        "rollback --to-version=7 --reason=--because",
        "rollback --reason=--because",
    ]


@pytest.mark.parametrize(("staging", "first"), [("7", []), ("6", ["staging"])])
def test_a_version_gets_to_prod_by_way_of_staging(
    steps: Steps, staging: str, first: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALIAS", "prod")
    steps.aliases = {"staging": staging}

    assert steps.take("promote") == 0

    moves = [f"promote --to={to} --version=7 --reason=--because" for to in (*first, "prod")]
    assert steps.commands == ["prepare", *moves]


def test_staging_does_not_move_for_a_version_that_prod_would_refuse(
    steps: Steps, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ALIAS", "prod")
    (steps.folder / "config" / "gate.yaml").write_text("promotion: {require_approval: true}\n")

    refused, told = steps.take("promote"), capsys.readouterr().err

    assert (refused, steps.commands) == (9, [])
    assert "Version 7 has no approval" in told


@pytest.mark.parametrize("alias", ["staging", "prod"])
def test_a_promotion_by_hand_that_was_done_is_done(
    steps: Steps,
    alias: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("ALIAS", alias)
    steps.aliases = {alias: "7"}

    assert steps.take("promote") == 0

    assert f"{alias} names version 7 already" in capsys.readouterr().out
    assert steps.commands == []


def test_a_step_ends_with_the_code_of_its_command(steps: Steps) -> None:
    steps.versions, steps.code = ["5"], 6

    assert steps.take("release") == 6


@pytest.mark.parametrize("step", ["candidate", "export", "release"])
def test_a_tag_that_cannot_be_released_is_refused(
    steps: Steps, step: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TAG", "v99.0.0")

    assert steps.take(step) == 2

    assert "This clone has no tag v99.0.0" in capsys.readouterr().err
    assert steps.commands == []


@pytest.mark.parametrize("step", ["candidate", "export", "release"])
def test_changed_files_are_no_release(
    steps: Steps, step: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (steps.folder / "more.py").touch()

    assert steps.take(step) == 2

    assert "Files differ from the commit that is tagged:\n?? more.py" in capsys.readouterr().err


def test_a_commit_without_a_version_says_what_to_do(
    steps: Steps, capsys: pytest.CaptureFixture[str]
) -> None:
    assert steps.take("export") == 4

    assert "No version was trained from commit" in capsys.readouterr().err


@pytest.mark.parametrize("step", ["promote", "rollback"])
def test_moves_by_hand_need_a_registry_that_others_reach(
    steps: Steps,
    step: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.delenv("MLFLOW_TRACKING_URI")

    assert steps.take(step) == 2

    assert "MLFLOW_TRACKING_URI is not set" in capsys.readouterr().err
    assert steps.commands == []
