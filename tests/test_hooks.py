"""The post-generation hook in real repositories, under every circumstance that it must survive."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

MESSAGE = "Start from ml-project-template 0.1.0"


def git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(
        ["git", *arguments], cwd=folder, capture_output=True, encoding="utf-8", check=True
    )
    return done.stdout.strip()


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder as cookiecutter leaves it before the hook starts."""
    folder = tmp_path / "churn"
    folder.mkdir()
    (folder / "README.md").write_text("# Churn\n")
    return folder


def test_a_baked_project_is_a_clean_repository_with_one_commit(default_project: Any) -> None:
    folder = default_project.folder

    assert git(folder, "log", "--format=%s") == MESSAGE
    assert git(folder, "branch", "--show-current") == "main"
    assert git(folder, "status", "--porcelain") == ""


def test_the_next_command_is_printed(
    bake: Callable[..., Any], capfd: pytest.CaptureFixture[str]
) -> None:
    bake(project_slug="churn")

    said = capfd.readouterr().out
    assert "  cd churn\n  uv sync" in said
    assert "note:" not in said


def test_the_opt_out_variable_skips_git_in_one_line(
    bake: Callable[..., Any], capfd: pytest.CaptureFixture[str]
) -> None:
    project = bake(git=False)

    assert not (project.folder / ".git").exists()
    notes = [line for line in capfd.readouterr().out.splitlines() if line.startswith("note:")]
    assert notes == [
        "note: git was left out: ML_TEMPLATE_NO_GIT is set. Later: "
        f'git init -b main && git add -A && git commit -m "{MESSAGE}"'
    ]


def test_a_project_inside_a_work_tree_is_left_to_that_repository(
    post_gen: ModuleType, project: Path
) -> None:
    git(project.parent, "init", "--quiet")

    with pytest.raises(post_gen.Skipped, match="already lies in a repository"):
        post_gen.start_history(project, MESSAGE)

    assert not (project / ".git").exists()
    assert git(project.parent, "ls-files", "--stage") == ""


def test_a_project_in_a_folder_that_a_work_tree_ignores_gets_its_own_history(
    post_gen: ModuleType, project: Path
) -> None:
    git(project.parent, "init", "--quiet")
    (project.parent / ".gitignore").write_text("/churn/\n")

    post_gen.start_history(project, MESSAGE)

    assert git(project, "log", "--format=%s") == MESSAGE


def test_a_repository_named_by_the_environment_is_not_touched(
    post_gen: ModuleType, project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "other"
    git(tmp_path, "init", "--quiet", str(other))
    (other / "kept.txt").write_text("kept\n")
    git(other, "add", "--all")
    git(other, "commit", "--quiet", "--message", "theirs")
    with monkeypatch.context() as patch:
        for variable, place in (("GIT_DIR", ".git"), ("GIT_INDEX_FILE", ".git/index")):
            patch.setenv(variable, str(other / place))
        patch.setenv("GIT_WORK_TREE", str(other))

        post_gen.start_history(project, MESSAGE)

    assert git(other, "log", "--format=%s") == "theirs"
    assert git(other, "status", "--porcelain") == ""
    assert git(project, "ls-files") == "README.md"


def test_without_git_there_is_a_note_and_no_failure(
    post_gen: ModuleType, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(project / "nothing"))

    with pytest.raises(post_gen.Skipped, match=r"git was left out: it is not installed\. Later: "):
        post_gen.start_history(project, MESSAGE)


def test_without_a_name_the_repository_waits_for_its_first_commit(
    post_gen: ModuleType, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)

    with pytest.raises(post_gen.Skipped, match=r"git knows no user.name .*Later: git config"):
        post_gen.start_history(project, MESSAGE)

    assert git(project, "status", "--porcelain", "--branch").startswith("## No commits yet on main")


def test_what_a_person_ignores_everywhere_is_still_committed(
    post_gen: ModuleType, project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = tmp_path / "gitconfig"
    ignored = tmp_path / "ignored"
    ignored.write_text("*.md\n")
    settings.write_text(
        "[user]\n\tname = T\n\temail = t@example.com\n[commit]\n\tgpgSign = true\n"
        f"[core]\n\texcludesFile = {ignored.as_posix()}\n"
    )
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(settings))

    post_gen.start_history(project, MESSAGE)

    assert git(project, "ls-files") == "README.md"


def test_under_cruft_the_hook_only_prunes(
    post_gen: ModuleType, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(project)
    features = {"use_dvc": ["README.md"]}
    given = {"__features": features, "use_dvc": False, "_commit": "abc"}
    monkeypatch.setattr(post_gen, "answers", lambda: given)

    post_gen.main()

    assert list(project.iterdir()) == []


def test_features_that_were_not_chosen_lose_their_paths(post_gen: ModuleType) -> None:
    features = {"use_dvc": ["dvc.yaml"], "ui=streamlit": ["ui/s"], "ui=nicegui": ["ui/n"]}

    unwanted = post_gen.unwanted_paths(features, {"use_dvc": True, "ui": "nicegui"})

    assert list(unwanted) == ["ui/s"]


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
