"""Judgements by other people's tools about files that are no Python.

Each distinct text is judged once; a tool is started once for all of them.
"""

import os
import re
import shutil
import subprocess
import sysconfig
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from renderer import File

SCRIPTS = sysconfig.get_path("scripts")
YAMLLINT = (
    "{extends: default, rules: {document-start: disable, line-length: {max: 120},"
    " truthy: {check-keys: false}, comments: {min-spaces-from-content: 1},"
    " comments-indentation: disable, braces: {max-spaces-inside: 1}}}"
)
WORKFLOW = r"\.github/workflows/[^/]+\.ya?ml"
ISSUE_FORMS = r"\.(github|gitea)/ISSUE_TEMPLATE/"
COMPOSE = r"(.*/)?(docker-)?compose(\.[^/]+)?\.ya?ml"
SETTINGS = re.compile(r"(\.github/)?zizmor\.ya?ml|\.github/actionlint\.ya?ml|\.hadolint\.ya?ml")
CHART = r".*/templates/"  # Helm's, which become YAML only when Helm has filled them in


@dataclass(frozen=True)
class Linter:
    """A command that takes files, and the paths that it is for."""

    name: str
    paths: re.Pattern[str]
    command: tuple[str, ...]


def linter(paths: str, *command: str, name: str | None = None) -> Linter:
    """A linter whose name is its command's."""
    return Linter(name or command[0], re.compile(paths), command)


def schema(paths: str, vendored: str) -> Linter:
    """A check against a schema that check-jsonschema has with it."""
    command = ("check-jsonschema", "--builtin-schema", f"vendor.{vendored}")
    return linter(paths, *command, name=vendored)


LINTERS = (
    schema(WORKFLOW, "github-workflows"),
    schema(r"(.*/)?action\.ya?ml", "github-actions"),
    schema(r"\.github/dependabot\.ya?ml", "dependabot"),
    schema(rf"{ISSUE_FORMS}(?!config)[^/]+\.ya?ml", "github-issue-forms"),
    schema(rf"{ISSUE_FORMS}config\.ya?ml", "github-issue-config"),
    schema(r"\.woodpecker(\.ya?ml|/.*\.ya?ml)", "woodpecker-ci"),
    schema(r"renovate\.json", "renovate"),
    schema(COMPOSE, "compose-spec"),
    linter(WORKFLOW, "actionlint", "-no-color", "-oneline"),
    linter(
        rf"{WORKFLOW}|(.*/)?action\.ya?ml|\.github/dependabot\.ya?ml",
        *("zizmor", "--offline", "--no-progress", "--quiet", "--format=github"),
    ),
    linter(rf"(?!{CHART}).*\.ya?ml", "yamllint", "--strict", "--format=parsable", "-d", YAMLLINT),
    linter(r".*\.(sh|bash)", "shellcheck", "--format=gcc"),
    linter(r"(.*/)?(Dockerfile(\.[^/]+)?|[^/]+\.Dockerfile)", "hadolint", "--no-color"),
)


Judged = tuple[Linter, str, bytes, frozenset[bytes]]
CLEAN: set[Judged] = set()  # found to be without a fault, with the settings beside it


def faults_of_files(groups: Mapping[str, Sequence[File]], folder: Path) -> Iterator[str]:
    """Yields what the linters say about the files of these groups, each a folder of its name.

    A group is what one combination has and none before it had, and the linters' own settings. A
    file that was judged before under the same settings is not judged again.
    """
    concerned: dict[Linter, dict[Judged, Path]] = {one: {} for one in LINTERS}
    for name, files in groups.items():
        write(files, folder / name)
        rules = frozenset(file.data for file in files if SETTINGS.fullmatch(file.path))
        for file in files:
            for one in LINTERS:
                judged = (one, file.path, file.data, rules)
                if one.paths.fullmatch(file.path) and judged not in CLEAN:
                    concerned[one].setdefault(judged, folder / name / file.path)
    for one, places in concerned.items():
        lines = said(one, places.values()) if places else []
        for line in lines:
            yield f"{one.name}: {line.replace(str(folder) + os.sep, '')}"
        if not lines:
            CLEAN.update(places)


def write(files: Iterable[File], folder: Path) -> Path:
    """The folder, in which the files now lie."""
    for file in files:
        path = folder / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(file.data)
    return folder


def said(one: Linter, paths: Iterable[Path]) -> list[str]:
    """The lines of a linter that found something; raises FileNotFoundError where it is missing."""
    program, *options = one.command
    done = subprocess.run(
        [command(program), *options, *map(str, paths)],
        env={**os.environ, "PATH": os.pathsep.join((SCRIPTS, os.environ.get("PATH", "")))},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
    )
    return done.stdout.strip().splitlines() or ["failed"] if done.returncode else []


def command(program: str) -> str:
    """The program that is installed beside this Python."""
    found = shutil.which(program, path=SCRIPTS)
    if found is None:
        raise FileNotFoundError(f"{program} is not installed in {SCRIPTS}")
    return found
