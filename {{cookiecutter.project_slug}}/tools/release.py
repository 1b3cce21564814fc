"""What CI does for a version tag, and for a person who starts it by hand; also on a laptop.

    python tools/release.py candidate    prepare the data; train this commit, if nobody has
    python tools/release.py export       export and check the version of this commit
    python tools/release.py release      move an alias to the version of this commit
    python tools/release.py promote      move an alias to a version by its number
    python tools/release.py rollback     go back to a version, or to the one before

Each step can be repeated. What somebody typed comes by the environment (TAG, ALIAS, VERSION,
REASON), which no shell reads as commands; the recipes of tools/just/ci.just put it there.
"""

import os
import re
import subprocess
import sys

from {{ cookiecutter.package_name }} import PROJECT
from {{ cookiecutter.package_name }}.cli._entry import run
from {{ cookiecutter.package_name }}.integrations.commits import trained_from
from {{ cookiecutter.package_name }}.integrations.registry import Registry
from {{ cookiecutter.package_name }}.integrations.stores import VARIABLE
from {{ cookiecutter.package_name }}.schemas.errors import ConfigError, ModelNotFound
from {{ cookiecutter.package_name }}.training.provenance import of_project
from {{ cookiecutter.package_name }}.utils.git import asked
from {{ cookiecutter.package_name }}.utils.paths import project_root

TAG = re.compile(r"v\d+\.\d+\.\d+(?:[-+.][0-9A-Za-z.+-]+)?")


class StepFailed(Exception):
    """A command that ended with this exit code; it has said why itself."""


def candidate() -> None:
    """Train, unless this commit was trained before; either way its data are prepared here."""
    tag, sha = stated_tag(), clean_commit()
    call("prepare")
    version = trained_from(PROJECT, sha)
    if version is None:
        call("train", "env=ci")
        version = version_of_commit()
        print(f"{tag}: version {version} was trained now")
    else:
        print(f"{tag}: version {version} was trained from this commit before")


def export() -> None:
    """A folder with the version of this commit, checked as `export` checks."""
    stated_tag()
    call("export", "--version", version_of_commit())


def release() -> None:
    """Promote the version of this commit; prod takes what staging names, and nothing else."""
    tag, alias, version = stated_tag(), os.environ["ALIAS"], version_of_commit()
    aliases = Registry(PROJECT).aliases()
    if version in (aliases.get(alias), aliases.get("prod")):
        print(f"{tag}: version {version} is there already")
        return
    if alias == "prod" and aliases.get("staging") != version:
        raise ConfigError(
            f"{tag} is version {version}, but staging names {aliases.get('staging', 'none')}: prod "
            "takes what was in staging. Release to staging again, or tag what shall go to prod."
        )
    call("promote", "--to", alias, "--version", version, f"--reason=release {tag}")


def promote() -> None:
    """Promote a version by its number, on the data prepared here; to prod by way of staging."""
    require_shared_registry()
    call("prepare")
    alias, version, reason = (os.environ[name] for name in ("ALIAS", "VERSION", "REASON"))
    if alias == "prod" and Registry(PROJECT).aliases().get("staging") != version:
        call("promote", "--to=staging", f"--version={version}", f"--reason={reason}")
    call("promote", f"--to={alias}", f"--version={version}", f"--reason={reason}")


def rollback() -> None:
    """Go back, without scoring anything anew."""
    require_shared_registry()
    version = os.environ["VERSION"]
    which = [f"--to-version={version}"] if version else []
    call("rollback", *which, f"--reason={os.environ['REASON']}")


def stated_tag() -> str:
    """The tag, if it reads as a version, and names this commit as far as this clone knows."""
    require_shared_registry()
    tag = os.environ["TAG"]
    if not TAG.fullmatch(tag):
        raise ConfigError(
            f"The tag '{tag}' is no version: expected one like v1.2.3 or v1.2.3-rc.1."
        )
    root = project_root()
    named = asked(root, "rev-parse", "--verify", "--quiet", f"refs/tags/{tag}^0")
    here = asked(root, "rev-parse", "HEAD")
    if named and named != here:
        raise ConfigError(
            f"The tag {tag} names commit {named[:12]}, but {here or 'no commit'} is checked out: "
            f"`git checkout {tag}` first."
        )
    return tag


def require_shared_registry() -> None:
    """A database in the folder of a job ends with the job."""
    if not os.environ.get(VARIABLE):
        raise ConfigError(
            f"{VARIABLE} is not set: releases go to a registry that others reach. Set it to the "
            "address of your MLflow server, in the settings of your CI."
        )


def clean_commit() -> str:
    """The commit that is checked out; a version of changed files could not be found again."""
    origin = of_project(project_root())
    if origin.git_sha is None:
        raise ConfigError("There is no commit here, so nothing could be released from it.")
    if origin.git_dirty:
        changed = asked(project_root(), "status", "--short") or ""
        raise ConfigError(f"Files differ from the commit that is tagged:\n{changed}")
    return origin.git_sha


def version_of_commit() -> str:
    """The number of the version that was trained from this commit."""
    sha = clean_commit()
    version = trained_from(PROJECT, sha)
    if version is None:
        raise ModelNotFound(
            f"No version was trained from commit {sha[:12]}: `just candidate` trains one, if "
            "config/ has mlflow.enabled=true."
        )
    return version


def call(verb: str, *arguments: str) -> None:
    """Run a command of this project; StepFailed if it refuses."""
    print("$", verb, *arguments, flush=True)
    command = [sys.executable, "-m", f"{{ cookiecutter.package_name }}.cli.{verb}", *arguments]
    if code := subprocess.run(command, check=False).returncode:
        raise StepFailed(code)


STEPS = {step.__name__: step for step in (candidate, export, release, promote, rollback)}


def taken(name: str) -> int:
    """The exit code of a step: 0, or that of the command which failed."""
    try:
        STEPS[name]()
    except StepFailed as failed:
        return int(failed.args[0])
    return 0


if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] not in STEPS:
        sys.exit(__doc__)
    sys.exit(run(lambda: taken(sys.argv[1])))
