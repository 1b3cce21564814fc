"""The earlier releases of the template, and which projects of them an upgrade is tried with."""

import json
import os
import re
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

import combinations

# Whoever starts this script has an environment of its own; the project gets another.
NOT_THE_PROJECTS = ("UV_PROJECT_ENVIRONMENT", "UV_PYTHON", "VIRTUAL_ENV")


class UpgradeFailed(Exception):
    """What went wrong with one project, in the words of the program that failed."""


class WrongCall(Exception):
    """What is wrong with the options, or with the clone of the template that they are about."""


def projects(
    template: Path, release: str | None = None, preset: str | None = None
) -> list[tuple[str, str]]:
    """The release and preset of each project, all or those asked for; none without a release.

    Raises WrongCall where tags are missing, and where an option matches nothing.
    """
    tags = releases(template)
    there = run(template, "git", "tag", "--list").split()
    lost = [tag for tag in earlier(template) if tag not in there]
    if lost:
        raise WrongCall(f"the tags are missing: git fetch --tags ({', '.join(lost)})")
    refuse_unknown("release", release, tags)
    found = [(tag, name) for tag in tags for name in presets(template, tag)]
    known = dict.fromkeys(name for _, name in found) or combinations.presets(template)
    refuse_unknown("preset", preset, list(known))
    wanted = (release, preset)
    chosen = [
        project
        for project in found
        if all(asked in (None, name) for asked, name in zip(wanted, project, strict=True))
    ]
    if found and not chosen:
        raise WrongCall(f"{release} has no preset {preset!r}.")
    return chosen


def refuse_unknown(what: str, name: str | None, known: Sequence[str]) -> None:
    """Raises WrongCall for a name that is none of those known."""
    if name is not None and name not in known:
        choices = ", ".join(known) or "none"
        raise WrongCall(f"there is no {what} {name!r}; those known: {choices}.")


def earlier(template: Path) -> list[str]:
    """The tags of the versions in the CHANGELOG that came before the current one."""
    changes = template / "CHANGELOG.md"
    text = changes.read_text("utf-8") if changes.is_file() else ""
    questions = json.loads((template / "cookiecutter.json").read_text("utf-8"))
    current = numbers(questions["__template_version"])
    found = re.findall(r"(?m)^## \[(\d+\.\d+\.\d+)\]", text)
    return [f"v{version}" for version in found if numbers(version) < current]


def numbers(version: str) -> tuple[int, ...]:
    """A version as something to compare."""
    return tuple(int(number) for number in re.findall(r"\d+", version))


def releases(template: Path) -> list[str]:
    """The tags `v*` on the way to HEAD, oldest first."""
    return run(
        template, "git", "tag", "--list", "v*", "--merged", "HEAD", "--sort=v:refname"
    ).split()


def presets(template: Path, tag: str) -> Iterator[str]:
    """The names of the presets that the release has; "default" where it has none."""
    files = run(template, "git", "ls-tree", "--name-only", tag, "presets/").split()
    names = [Path(file).stem for file in files if file.endswith(".yaml")]
    yield from names or ["default"]


def run(folder: Path, *command: str) -> str:
    """What the program printed; UpgradeFailed with all that it said where it failed."""
    environment = {k: v for k, v in os.environ.items() if k not in NOT_THE_PROJECTS}
    done = subprocess.run(
        command,
        cwd=folder,
        env=environment,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    if done.returncode:
        raise UpgradeFailed(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")
    return done.stdout
