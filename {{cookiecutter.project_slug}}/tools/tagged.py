"""What must hold before a tag is released: its name, its commit, and where that was merged."""

import os
import re

from {{ cookiecutter.package_name }}.integrations.stores import VARIABLE
from {{ cookiecutter.package_name }}.schemas.errors import ConfigError
from {{ cookiecutter.package_name }}.utils.git import asked, git
from {{ cookiecutter.package_name }}.utils.paths import project_root

TAG = re.compile(r"v\d+\.\d+\.\d+(?:[-+.][0-9A-Za-z.+-]+)?")


def stated_tag() -> str:
    """The tag, if it reads as a version and names this commit, which is of the default branch."""
    require_shared_registry()
    tag = os.environ["TAG"]
    if not TAG.fullmatch(tag):
        raise ConfigError(
            f"The tag '{tag}' is no version: expected one like v1.2.3 or v1.2.3-rc.1."
        )
    root = project_root()
    named = asked(root, "rev-parse", "--verify", "--quiet", f"refs/tags/{tag}^0")
    here = asked(root, "rev-parse", "HEAD")
    if named is None:
        raise ConfigError(
            f"This clone has no tag {tag}: `git fetch --tags` brings those of others, and "
            f"`git tag {tag}` names the commit that is checked out."
        )
    if named != here:
        raise ConfigError(
            f"The tag {tag} names commit {named[:12]}, but {here or 'no commit'} is checked out: "
            f"`git checkout {tag}` first."
        )
    require_reviewed(tag)
    return tag


def require_reviewed(tag: str) -> None:
    """Refuse a commit that is not of the default branch: it brings a gate that nobody has seen.

    In a shallow clone only a yes is certain; a no says to fetch the history.
    """
    root = project_root()
    branch = default_branch()
    if asked(root, "rev-parse", "--verify", "--quiet", f"{branch}^0") is None:
        raise ConfigError(
            f"This clone has no branch {branch}, so nobody can tell whether {tag} was merged: "
            "fetch that branch with its history (CI: the whole repository)."
        )
    found = git(root, "merge-base", "--is-ancestor", "HEAD", branch)
    if found is not None and found.returncode == 0:
        return
    if asked(root, "rev-parse", "--is-shallow-repository") == "true":
        raise ConfigError(
            f"This clone is shallow, so nobody can tell whether {tag} was merged into {branch}: "
            "`git fetch --unshallow` first (CI: fetch the whole history)."
        )
    raise ConfigError(
        f"The tag {tag} names a commit that is not in {branch}: what is released was reviewed, "
        "its config/gate.yaml too. Merge it, and tag what was merged."
    )


def default_branch() -> str:
    """The default branch, as the clone has it from `origin`; its own where there is no `origin`.

    CI_REPO_DEFAULT_BRANCH says its name, or else what `origin` calls HEAD, or else it is `main`.
    """
    root = project_root()
    head = asked(root, "symbolic-ref", "--short", "refs/remotes/origin/HEAD") or "origin/main"
    name = os.environ.get("CI_REPO_DEFAULT_BRANCH") or head.removeprefix("origin/")
    cloned = asked(root, "remote", "get-url", "origin") is not None
    return f"refs/remotes/origin/{name}" if cloned else f"refs/heads/{name}"


def require_shared_registry() -> None:
    """A database in the folder of a job ends with the job."""
    if not os.environ.get(VARIABLE):
        raise ConfigError(
            f"{VARIABLE} is not set: releases go to a registry that others reach. Set it to the "
            "address of your MLflow server, in the settings of your CI."
        )
