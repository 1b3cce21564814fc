"""What CI does for a version tag, and for a person who starts it by hand; also on a laptop.

    python tools/release.py candidate    prepare the data; train this commit, if nobody has
    python tools/release.py export       export and check the version of this commit
    python tools/release.py release      move an alias to the version of this commit
    python tools/release.py promote      move an alias to a version by its number
    python tools/release.py rollback     go back to a version, or to the one before

Each step can be repeated. The config/gate.yaml of a tag decides on its own version, so the tag
must be of the default branch, where changes are reviewed (tools/tagged.py). What somebody typed
comes by the environment (TAG, ALIAS, VERSION, REASON), which no shell reads as commands; the
recipes of tools/just/ci.just put it there.
"""

import os
import subprocess
import sys

from tagged import require_shared_registry, stated_tag

from {{ cookiecutter.package_name }} import PROJECT
from {{ cookiecutter.package_name }}.cli import _approvals
from {{ cookiecutter.package_name }}.cli._entry import run
from {{ cookiecutter.package_name }}.evaluation.gate_file import gate_path, read_promotion
from {{ cookiecutter.package_name }}.integrations.commits import trained_from
from {{ cookiecutter.package_name }}.integrations.registry import Registry
from {{ cookiecutter.package_name }}.schemas.errors import ConfigError, ModelNotFound
from {{ cookiecutter.package_name }}.training.provenance import of_project
from {{ cookiecutter.package_name }}.utils.git import asked
from {{ cookiecutter.package_name }}.utils.paths import project_root

RECIPE = ("env=ci",)
"""What `candidate` trains with; a version that was trained with anything else is none of CI's."""


class StepFailed(Exception):
    """A command that ended with this exit code; it has said why itself."""


def candidate() -> None:
    """Train, unless this commit was trained before; either way its data are prepared here."""
    tag, sha = stated_tag(), clean_commit()
    call("prepare")
    version = trained_from(PROJECT, sha, RECIPE)
    if version is None:
        call("train", *RECIPE)
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
    alias, version, reason = (os.environ[name] for name in ("ALIAS", "VERSION", "REASON"))
    registry = Registry(PROJECT)
    aliases = registry.aliases()
    if aliases.get(alias) == version:
        print(f"{alias} names version {version} already; nothing changed")
        return
    by_staging = alias == "prod" and aliases.get("staging") != version
    if by_staging and read_promotion(gate_path()).require_approval:
        _approvals.require(registry.version(version))  # before staging moves for nothing
    call("prepare")
    if by_staging:
        call("promote", "--to=staging", f"--version={version}", f"--reason={reason}")
    call("promote", f"--to={alias}", f"--version={version}", f"--reason={reason}")


def rollback() -> None:
    """Go back, without scoring anything anew."""
    require_shared_registry()
    version = os.environ["VERSION"]
    which = [f"--to-version={version}"] if version else []
    call("rollback", *which, f"--reason={os.environ['REASON']}")


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
    version = trained_from(PROJECT, sha, RECIPE)
    if version is None:
        raise ModelNotFound(
            f"No version was trained from commit {sha[:12]} without overrides: `just candidate` "
            "trains one, if config/ has mlflow.enabled=true."
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
