"""Another commit of the project, in a folder of its own: a git worktree."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from {{ cookiecutter.package_name }}.schemas.errors import ConfigError, RestoreError
from {{ cookiecutter.package_name }}.utils.git import asked, git
from {{ cookiecutter.package_name }}.utils.paths import shown


def beside(project: Path, name: str) -> Path:
    """The folder `<repository>-<name>` beside the project's repository.

    RestoreError where the project is in no repository.
    """
    top = _repository(project)
    return top.with_name(f"{top.name}-{name}")


def check_commit(project: Path, commit: str, version: str) -> None:
    """RestoreError where this clone does not have that commit."""
    _repository(project)
    if asked(project, "cat-file", "-e", commit + "^{commit}") is None:
        shallow = asked(project, "rev-parse", "--is-shallow-repository") == "true"
        remedy = "git fetch --unshallow" if shallow else "git fetch --all"
        raise RestoreError(
            f"Version {version} was trained from commit {commit[:12]}, which this clone does not "
            f"have: run `{remedy}`, then this again; it may never have been pushed."
        )


@contextmanager
def checked_out(project: Path, commit: str, into: Path) -> Iterator[Path]:
    """Make a worktree of that commit and yield the project's folder in it.

    When the block ends in an error, the worktree is removed again. ConfigError where `into` is
    there already, RestoreError where it cannot be made.
    """
    into = into.expanduser().absolute()
    inner = asked(project, "rev-parse", "--show-prefix") or ""
    _make(into)
    try:
        _add(project, commit, into)
        if not (into / inner / "pyproject.toml").is_file():
            raise RestoreError(f"Commit {commit[:12]} has no project in '{inner or '.'}'.")
        yield into / inner
    except BaseException:
        _remove(project, into)
        raise


def _repository(project: Path) -> Path:
    top = asked(project, "rev-parse", "--show-toplevel")
    if not top:
        raise RestoreError(
            f"'{shown(project)}' is in no git repository, or git is not installed: a version's "
            "code can be restored in a clone only."
        )
    return Path(top)


def _make(into: Path) -> None:
    """Make the folder ourselves, since what is removed after an error must be ours."""
    try:
        into.parent.mkdir(parents=True, exist_ok=True)
        into.mkdir()
    except OSError as error:
        if os.path.lexists(into):
            raise ConfigError(
                f"'{shown(into)}' exists already: name another folder with --into."
            ) from error
        raise RestoreError(f"'{shown(into)}' cannot be made: {error.strerror}.") from error


def _add(project: Path, commit: str, into: Path) -> None:
    git(project, "worktree", "prune")  # of worktrees whose folder somebody deleted
    # Hooks are for people's own switches from commit to commit.
    quiet = ("-c", f"core.hooksPath={os.devnull}", "worktree", "add", "--quiet", "--detach")
    done = git(project, *quiet, str(into), commit)
    if done is None or done.returncode:
        said = done.stderr.strip().splitlines() if done else []
        why = said[-1].removeprefix("fatal: ") if said else "no reason given"
        raise RestoreError(f"git cannot make a worktree at '{shown(into)}': {why}.")


def _remove(project: Path, into: Path) -> None:
    if (into / ".git").is_file():
        git(project, "worktree", "remove", "--force", "--force", str(into))
        shutil.rmtree(into, ignore_errors=True)
    with suppress(OSError):  # gone, or git refused it since somebody else put something into it
        into.rmdir()
    git(project, "worktree", "prune")
