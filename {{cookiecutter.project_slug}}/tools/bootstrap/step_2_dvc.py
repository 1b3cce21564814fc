"""DVC in the project's repository, and the remote that pyproject.toml names."""

import configparser
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

from shell import Skipped, declared, execute, owns_repository, succeed

CONFIG = ".dvc/config"
REMOTE = "storage"


def run(project: Path) -> bool:
    """Gives DVC what it lacks; Skipped without git, or without DVC and uv."""
    if not owns_repository(project):
        raise Skipped(
            "DVC needs a git repository of the project's own",
            "python tools/bootstrap, or `dvc init --subdir` inside a larger repository",
        )
    settings = declared(project)["bootstrap"]["dvc"]
    missing = list(lacking(project / CONFIG, settings))
    if not missing:
        return False
    dvc = command(settings["requirement"])
    print("Setting up DVC ...")
    for arguments in missing:
        succeed(execute(project, [*dvc, *arguments]))
    return True


def lacking(config: Path, settings: Mapping[str, str]) -> Iterator[tuple[str, ...]]:
    """The commands of DVC that were not run yet, or that failed.

    What stands in its configuration stays: a remote of another name or URL is a person's choice.
    """
    if not config.is_file():
        yield ("init", "--quiet")
    known = sections(config)
    if "analytics" not in known.get("core", {}):
        yield ("config", "core.analytics", "false")
    remotes = {name: keys for name, keys in known.items() if name.startswith("remote ")}
    if not remotes:
        yield ("remote", "add", "--quiet", "--default", REMOTE, settings["remote"])
        remote: Mapping[str, str] = {}
    else:
        remote = remotes.get(f'remote "{REMOTE}"', {})
        refuse_another_kind(remote.get("url", "").strip("\"'"), settings["remote"])
        if remote.get("url", "").strip("\"'") != settings["remote"]:
            return
    for option, key in (("endpointurl", "endpoint_url"), ("region", "region")):
        if settings.get(key) and option not in remote:
            yield ("remote", "modify", REMOTE, option, settings[key])


def refuse_another_kind(url: str, wanted: str) -> None:
    """Raises Skipped where a folder is named by the one and a store by the other.

    It happens when a component is added or removed later: what was stored there is not moved. A
    remote of another name than bootstrap gives is a person's own, and stays without a word.
    """
    ours = url.rpartition("/")[2] == wanted.rpartition("/")[2]
    if ours and ("://" in url) != ("://" in wanted):
        raise Skipped(
            f"the remote '{REMOTE}' is {url}, but pyproject.toml says {wanted}",
            f"uv run just dvc remote modify {REMOTE} url {wanted}, or change pyproject.toml",
        )


def sections(config: Path) -> dict[str, dict[str, str]]:
    """What DVC's configuration says, by section; Skipped where it cannot be read."""
    parser = configparser.ConfigParser(interpolation=None)
    try:
        lines = config.read_text(encoding="utf-8").splitlines() if config.is_file() else []
        # DVC indents its keys, which would make each a part of the line before.
        parser.read_string("\n".join(line.strip() for line in lines))
    except (configparser.Error, ValueError) as error:
        reason = " ".join(str(error).split())
        raise Skipped(
            f"{CONFIG} cannot be read ({reason})", "correct it, then python tools/bootstrap"
        ) from error
    return {name.strip("'"): dict(parser[name]) for name in parser.sections()}


def command(requirement: str) -> list[str]:
    """DVC as this machine has it, or by uv in an environment of its own."""
    if program := shutil.which("dvc"):
        return [program]
    if uv := shutil.which("uv"):
        return [uv, "tool", "run", "--quiet", "--from", requirement, "dvc"]
    raise Skipped("neither dvc nor uv is installed", "pip install uv, then python tools/bootstrap")
