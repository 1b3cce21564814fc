"""DVC in the project's repository, and the remote that pyproject.toml names."""

import shutil
from pathlib import Path

from shell import Skipped, declared, execute, owns_repository, succeed

REMOTE = "storage"


def run(project: Path) -> bool:
    """Initialises DVC and adds its default remote; Skipped without git, or without DVC and uv."""
    if not owns_repository(project):
        raise Skipped(
            "DVC needs a git repository of the project's own",
            "python tools/bootstrap, or `dvc init --subdir` inside a larger repository",
        )
    settings = declared(project)["bootstrap"]["dvc"]
    config = project / ".dvc" / "config"
    if config.is_file() and "remote" in config.read_text(encoding="utf-8"):
        return False
    dvc = command(settings["requirement"])
    print("Setting up DVC ...")
    if not config.is_file():
        call(project, dvc, "init", "--quiet")
    call(project, dvc, "config", "core.analytics", "false")
    call(project, dvc, "remote", "add", "--quiet", "--default", REMOTE, settings["remote"])
    for option, key in (("endpointurl", "endpoint_url"), ("region", "region")):
        if value := settings.get(key):
            call(project, dvc, "remote", "modify", REMOTE, option, value)
    return True


def command(requirement: str) -> list[str]:
    """DVC as this machine has it, or by uv in an environment of its own."""
    if program := shutil.which("dvc"):
        return [program]
    if uv := shutil.which("uv"):
        return [uv, "tool", "run", "--quiet", "--from", requirement, "dvc"]
    raise Skipped("neither dvc nor uv is installed", "pip install uv, then python tools/bootstrap")


def call(project: Path, dvc: list[str], *arguments: str) -> None:
    """One command of DVC; Skipped with its own words where it fails."""
    succeed(execute(project, [*dvc, *arguments]))
