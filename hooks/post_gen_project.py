"""Finishes the new project: prunes what was not asked for, then makes the first commit."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath
from typing import Any

OPT_OUT = "ML_TEMPLATE_NO_GIT"
# With one of these set, git would work on the repository that the caller is in.
REPOSITORY_VARIABLES = (
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_COMMON_DIR",
    "GIT_DIR",
    "GIT_INDEX_FILE",
    "GIT_NAMESPACE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_PREFIX",
    "GIT_WORK_TREE",
)


class Skipped(Exception):
    """A step that was left out: its reason, and what to type to do it later."""

    def __init__(self, step: str, reason: str, later: str) -> None:
        super().__init__(f"note: {step} was left out: {reason}. Later: {later}")


def answers() -> dict[str, Any]:
    """What was answered, with cookiecutter's own private keys beside it."""
    given: dict[str, Any] = json.loads(r'''{{ cookiecutter | tojson }}''')  # fmt: skip
    return given


def main() -> None:
    """Works in the new project's folder, where cookiecutter starts it."""
    given = answers()
    project = Path.cwd()
    prune(project, unwanted_paths(given["__features"], given))
    if "_commit" in given:
        return  # cruft is at work: anything staged here would make it lose its update
    try:
        start_history(project, f"Start from {given['__template']} {given['__template_version']}")
    except Skipped as note:
        print(note)
    print_next_steps(given["project_slug"])


def unwanted_paths(features: dict[str, list[str]], given: dict[str, Any]) -> Iterator[str]:
    """Paths owned by features that were not chosen.

    A feature is named by the answer that keeps it: `use_dvc` (true) or `dashboard=streamlit`.
    """
    for feature, paths in features.items():
        question, _, choice = feature.partition("=")
        kept = given[question] == choice if choice else given[question] is True
        if not kept:
            yield from paths


def prune(project: Path, paths: Iterable[str]) -> None:
    """Deletes files and folders, and the folders that this leaves empty."""
    for name in paths:
        relative = PurePosixPath(name)
        if relative.is_absolute() or ".." in relative.parts or not relative.parts:
            raise ValueError(f"the manifest may only name paths inside the project, not {name!r}")
        path = project / relative
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()
        for parent in path.relative_to(project).parents:
            if parent.parts and not any((project / parent).iterdir()):
                (project / parent).rmdir()


def start_history(project: Path, message: str) -> None:
    """Makes the folder a repository with one commit; raises Skipped where that cannot be."""
    commit = f'git add -A && git commit -m "{message}"'
    if os.environ.get(OPT_OUT):
        raise Skipped("git", f"{OPT_OUT} is set", f"git init -b main && {commit}")
    if shutil.which("git") is None:
        raise Skipped(
            "git", "it is not installed", f"install git, then git init -b main && {commit}"
        )
    refuse_foreign_repository(project, commit)
    for arguments in (("init", "--quiet"), ("symbolic-ref", "HEAD", "refs/heads/main")):
        done = git(project, *arguments)
        if done.returncode:
            raise Skipped("git", last_line(done), f"git init -b main && {commit}")
    if git(project, "var", "GIT_COMMITTER_IDENT").returncode:
        raise Skipped(
            "the first commit",
            "git knows no user.name and user.email",
            'git config user.name "..." && git config user.email "..." && ' + commit,
        )
    commit_everything(project, message, commit)


def refuse_foreign_repository(project: Path, commit: str) -> None:
    """Raises Skipped inside somebody's work tree, whose history is not ours to change.

    A folder that this work tree ignores is nobody's: there the project gets its own history.
    """
    asked = git(project, "rev-parse", "--show-toplevel")
    if asked.returncode == 0:
        ignored = git(project, "check-ignore", "--quiet", str(project)).returncode == 0
        if ignored and not (project / ".git").exists():
            return
        raise Skipped("git", "this folder already lies in a repository", commit)
    if "not a git repository" not in asked.stderr:
        raise Skipped("git", last_line(asked), f"git init -b main && {commit}")


def commit_everything(project: Path, message: str, later: str) -> None:
    """Commits the files as rendered: no formatter, no hook and no personal ignore list between."""
    steps = (
        ("-c", f"core.excludesFile={os.devnull}", "add", "--all"),
        ("commit", "--quiet", "--no-verify", "--no-gpg-sign", "--message", message),
    )
    for arguments in steps:
        done = git(project, *arguments)
        if done.returncode:
            raise Skipped("the first commit", last_line(done), later)


def git(project: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Runs git on this folder only, in English, whatever repository the caller was working in."""
    environment = {k: v for k, v in os.environ.items() if k not in REPOSITORY_VARIABLES}
    environment.update(LC_ALL="C", GIT_TERMINAL_PROMPT="0")
    return subprocess.run(
        ["git", "-c", "user.useConfigOnly=true", *arguments],  # no name guessed from the host
        cwd=project,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )


def last_line(done: subprocess.CompletedProcess[str]) -> str:
    """Git's own words about what went wrong."""
    lines = (done.stderr or done.stdout).strip().splitlines()
    return lines[-1].rstrip(".") if lines else f"git ended with {done.returncode}"


def print_next_steps(slug: str) -> None:
    """What to type next."""
    print(f"\nYour project is in {slug}. Next:")
    print(f"  cd {slug}")
    print("  uv sync            # once; `pip install uv` brings uv")
    print("  uv run pipeline    # data, training, evaluation, promotion")
    print("  uv run serve       # then try the curl line of README.md")


if __name__ == "__main__":
    main()
