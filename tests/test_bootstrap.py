"""A new project's own `tools/bootstrap`, in real repositories: history and the first commit."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from bootstrapping import MESSAGE, notes
from repositories import git


def test_a_baked_project_is_a_clean_repository_with_one_commit(default_project: Any) -> None:
    folder = default_project.folder

    assert git(folder, "log", "--format=%s") == MESSAGE
    assert git(folder, "branch", "--show-current") == "main"
    assert git(folder, "status", "--porcelain") == ""


def test_a_project_without_history_gets_one_and_a_second_run_changes_nothing(
    fresh_project: Any, bootstrap: Callable[..., Any]
) -> None:
    first = bootstrap(fresh_project, "git", "commit")
    second = bootstrap(fresh_project, "git", "commit")

    assert (first.returncode, notes(first)) == (0, [])
    assert (second.returncode, notes(second)) == (0, [])
    assert git(fresh_project.folder, "log", "--format=%s") == MESSAGE


def test_each_step_that_is_opted_out_of_is_one_line(
    bake: Callable[..., Any], capfd: pytest.CaptureFixture[str]
) -> None:
    project = bake(git=False)

    assert not (project.folder / ".git").exists()
    said = [line for line in capfd.readouterr().out.splitlines() if "ML_TEMPLATE_SKIP" in line]
    assert said == [
        f"note: {step} was left out: ML_TEMPLATE_SKIP names it. Later: python tools/bootstrap"
        for step in ("git", "dvc", "lock", "commit")
    ]


def test_a_project_inside_a_work_tree_is_left_to_that_repository(
    fresh_project: Any, bootstrap: Callable[..., Any]
) -> None:
    outer = fresh_project.folder.parent
    git(outer, "init", "--quiet")

    done = bootstrap(fresh_project, "git", "commit")

    assert done.returncode == 3
    assert notes(done) == [
        "note: git was left out: this folder already lies in a repository. Later: commit it there",
        "note: commit was left out: there is no git repository of the project's own. "
        "Later: python tools/bootstrap",
    ]
    assert not (fresh_project.folder / ".git").exists()
    assert git(outer, "ls-files", "--stage") == ""


def test_a_project_in_a_folder_that_a_work_tree_ignores_gets_its_own_history(
    fresh_project: Any, bootstrap: Callable[..., Any]
) -> None:
    git(fresh_project.folder.parent, "init", "--quiet")
    (fresh_project.folder.parent / ".gitignore").write_text("/churn/\n")

    assert bootstrap(fresh_project, "git", "commit").returncode == 0

    assert git(fresh_project.folder, "log", "--format=%s") == MESSAGE


def test_a_repository_named_by_the_environment_is_not_touched(
    fresh_project: Any,
    bootstrap: Callable[..., Any],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
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

        assert bootstrap(fresh_project, "git", "commit").returncode == 0

    assert git(other, "log", "--format=%s") == "theirs"
    assert git(other, "status", "--porcelain") == ""
    assert git(fresh_project.folder, "log", "--format=%s") == MESSAGE


def test_without_git_nothing_fails(
    fresh_project: Any, bootstrap: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", os.devnull)

    done = bootstrap(fresh_project, "git")

    assert notes(done) == [
        "note: git was left out: git is not installed. Later: python tools/bootstrap"
    ]


def test_without_a_name_the_repository_waits_for_its_first_commit(
    fresh_project: Any, bootstrap: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
        done = bootstrap(fresh_project, "git", "commit")

    assert notes(done) == [
        "note: commit was left out: git knows no user.name and user.email. Later: "
        'git config user.name "..." && git config user.email "..." && python tools/bootstrap'
    ]
    assert bootstrap(fresh_project, "git", "commit").returncode == 0
    assert git(fresh_project.folder, "log", "--format=%s") == MESSAGE


def test_letters_that_a_console_lacks_do_not_end_it(
    fresh_project: Any, bootstrap: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    step = fresh_project.folder / "tools" / "bootstrap" / "step_9_odd.py"
    step.write_text(
        "from shell import Skipped\ndef run(_): raise Skipped('\u0141 \u4e0d')\n", "utf-8"
    )
    monkeypatch.setenv("PYTHONIOENCODING", "cp1252")

    done = bootstrap(fresh_project)

    assert notes(done) == ["note: odd was left out: ? ?. Later: python tools/bootstrap"]
    assert done.returncode == 3


def test_a_crash_has_another_exit_code_than_a_step_that_is_left_out(
    fresh_project: Any, bootstrap: Callable[..., Any]
) -> None:
    step = fresh_project.folder / "tools" / "bootstrap" / "step_9_odd.py"
    step.write_text("def run(_): raise RuntimeError('unforeseen')\n")

    done = bootstrap(fresh_project)

    assert done.returncode == 1
    assert done.stderr.endswith("RuntimeError: unforeseen\n")


def test_what_a_person_ignores_everywhere_is_still_committed(
    fresh_project: Any,
    bootstrap: Callable[..., Any],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings = tmp_path / "gitconfig"
    (tmp_path / "ignored").write_text("*.md\n")
    settings.write_text(
        "[user]\n\tname = T\n\temail = t@example.com\n[commit]\n\tgpgSign = true\n"
        f"[core]\n\texcludesFile = {(tmp_path / 'ignored').as_posix()}\n"
    )
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(settings))

    assert bootstrap(fresh_project, "git", "commit").returncode == 0

    assert "README.md" in git(fresh_project.folder, "ls-files").splitlines()
