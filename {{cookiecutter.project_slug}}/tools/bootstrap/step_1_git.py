"""A git repository of the project's own."""

import shutil
from pathlib import Path

from shell import Skipped, git, last_words, owns_repository, succeed


def run(project: Path) -> bool:
    """Makes the folder a repository; Skipped without git, or inside somebody else's work tree."""
    if shutil.which("git") is None:
        raise Skipped("git is not installed")
    if owns_repository(project):
        return False
    refuse_foreign_repository(project)
    succeed(git(project, "init", "--quiet"))
    # `git init --initial-branch` is younger than some gits that are still in use.
    succeed(git(project, "symbolic-ref", "HEAD", "refs/heads/main"))
    return True


def refuse_foreign_repository(project: Path) -> None:
    """Raises Skipped inside a work tree, whose history is not ours to change.

    A folder that this work tree ignores is nobody's: there the project gets its own history.
    """
    asked = git(project, "rev-parse", "--show-toplevel")
    if asked.returncode and "not a git repository" not in asked.stderr:
        raise Skipped(last_words(asked))
    if asked.returncode == 0:
        ignored = git(project, "check-ignore", "--quiet", str(project)).returncode == 0
        if not ignored:
            raise Skipped("this folder already lies in a repository", "commit it there")
