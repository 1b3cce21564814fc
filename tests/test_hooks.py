"""The post-generation hook: what it prunes, what it says, and that under cruft it does no more."""

import os
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder as cookiecutter leaves it before the hook starts."""
    folder = tmp_path / "churn"
    folder.mkdir()
    (folder / "README.md").write_text("# Churn\n")
    return folder


def test_the_next_command_is_printed(
    bake: Callable[..., Any], capfd: pytest.CaptureFixture[str]
) -> None:
    bake(project_slug="churn")

    assert "  cd churn\n  uv sync" in capfd.readouterr().out


def test_under_cruft_the_hook_only_prunes(
    post_gen: ModuleType, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(project)
    features = {"use_dvc": ["README.md"]}
    given = {"__features": features, "use_dvc": False, "_commit": "abc"}
    monkeypatch.setattr(post_gen, "answers", lambda: given)

    post_gen.main()

    assert list(project.iterdir()) == []


@pytest.mark.parametrize(
    ("answers", "pruned"),
    [
        ({"use_dvc": True, "ui": "streamlit", "data": "s3"}, ["n"]),
        ({"use_dvc": True, "ui": "nicegui", "data": "none"}, ["s", "d+s3"]),
        ({"use_dvc": False, "ui": "none", "data": "s3"}, ["d", "s", "n", "s|n", "d+s3"]),
    ],
)
def test_features_that_were_not_chosen_lose_their_paths(
    post_gen: ModuleType, answers: dict[str, Any], pruned: list[str]
) -> None:
    features = {
        "use_dvc": ["d"],
        "ui=streamlit": ["s"],
        "ui=nicegui": ["n"],
        "ui=streamlit|nicegui": ["s|n"],
        "use_dvc and data=s3": ["d+s3"],
    }

    assert list(post_gen.unwanted_paths(features, answers)) == pruned


def test_pruning_removes_the_folders_that_it_empties(post_gen: ModuleType, project: Path) -> None:
    for path in ("ui/streamlit/app.py", "ui/streamlit/style/a.css", "docs/ui.md", "docs/index.md"):
        (project / path).parent.mkdir(parents=True, exist_ok=True)
        (project / path).write_text("")

    post_gen.prune(project, ["ui/streamlit", "docs/ui.md"])

    left = {p.relative_to(project).as_posix() for p in project.rglob("*")}
    assert left == {"README.md", "docs", "docs/index.md"}


def test_a_path_that_is_not_there_is_a_mistake_in_the_manifest(
    post_gen: ModuleType, project: Path
) -> None:
    with pytest.raises(FileNotFoundError, match=r"dvc\.yaml"):
        post_gen.prune(project, ["dvc.yaml"])


@pytest.mark.parametrize("path", ["../other", "/etc", "", "a/../../b"])
def test_a_manifest_cannot_name_what_lies_outside(
    post_gen: ModuleType, project: Path, path: str
) -> None:
    with pytest.raises(ValueError, match="only name paths inside the project"):
        post_gen.prune(project, [path])


def test_a_script_that_ends_unforeseen_is_a_note_and_the_project_stays(
    post_gen: ModuleType, project: Path
) -> None:
    (project / "tools" / "bootstrap").mkdir(parents=True)
    (project / "tools" / "bootstrap" / "__main__.py").write_text("raise SystemExit(7)\n")

    with pytest.raises(post_gen.Skipped, match="it ended with exit code 7"):
        post_gen.bootstrap(project, {})


def test_an_older_python_leaves_the_setting_up_for_later(
    post_gen: ModuleType, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(post_gen.sys, "version_info", (3, 10, 4))

    with pytest.raises(post_gen.Skipped, match=r"older Python\. Later: python tools/bootstrap"):
        post_gen.bootstrap(project, {})


def test_a_template_without_git_cannot_be_recorded(
    post_gen: ModuleType, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (project / "cookiecutter.json").write_text('{"__template": "t"}')
    given = {"_repo_dir": str(project), "_output_dir": str(project), "__template": "t"}
    monkeypatch.setenv("PATH", os.devnull)

    with pytest.raises(post_gen.Skipped, match=r"of the template git says: git is not installed"):
        post_gen.record_origin(project, given)


def test_of_a_folder_only_what_was_rendered_goes(post_gen: ModuleType, project: Path) -> None:
    for path in (".ci/theirs.yml", ".ci/ours.yml", ".ci/deep/ours.yml"):
        (project / path).parent.mkdir(parents=True, exist_ok=True)
        (project / path).write_text("")

    post_gen.prune(project, [".ci"], ["README.md", ".ci/ours.yml", ".ci/deep/ours.yml"])

    left = {p.relative_to(project).as_posix() for p in project.rglob("*")}
    assert left == {"README.md", ".ci", ".ci/theirs.yml"}


def test_the_hook_and_the_bootstrap_forget_the_same_variables_of_git(
    post_gen: ModuleType, template: Path
) -> None:
    script = template / "{{cookiecutter.project_slug}}" / "tools" / "bootstrap" / "shell.py"
    namespace: dict[str, Any] = {}
    exec(script.read_text("utf-8"), namespace)

    assert namespace["REPOSITORY_VARIABLES"] == post_gen.REPOSITORY_VARIABLES
