"""The first commit: the files as they were rendered, before any formatter or hook saw them."""

import os
from pathlib import Path

from shell import Skipped, declared, git, has_commits, owns_repository, succeed

IDENTITY = 'git config user.name "..." && git config user.email "..." && python tools/bootstrap'


def run(project: Path) -> bool:
    """Commits everything where there is no commit yet; Skipped without a name to commit by."""
    if not owns_repository(project):
        raise Skipped("there is no git repository of the project's own")
    if has_commits(project):
        return False
    if git(project, "var", "GIT_COMMITTER_IDENT").returncode:
        raise Skipped("git knows no user.name and user.email", IDENTITY)
    template = declared(project)["template"]
    message = f"Start from {template['name']} {template['version']}"
    # No personal ignore list, no hooks and no signature between the template and its first commit.
    succeed(git(project, "-c", f"core.excludesFile={os.devnull}", "add", "--all"))
    commit = ("commit", "--quiet", "--no-verify", "--no-gpg-sign", "--message", message)
    succeed(git(project, *commit))
    return True
