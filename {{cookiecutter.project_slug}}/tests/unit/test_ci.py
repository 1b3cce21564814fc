"""CI files call recipes of the justfile, and hold no logic of their own."""

import re
import shlex
import subprocess
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
LOCKED = "uv sync --locked"
INSTALLS = (LOCKED, f"if [ -f uv.lock ]; then {LOCKED}; else uv sync; fi")
# A recipe, its arguments (plain words, or variables in quotes) and where its output is added.
CALL = re.compile(r'uv run just((?: (?:[\w./=-]+|"\$[A-Z_]+"))+)(?: >> "\$[A-Z_]+")?')


def pipelines() -> dict[str, Any]:
    """Files of hidden folders that have steps, by path: whatever the provider of CI reads."""
    found = sorted(
        path for depth in ("*", "*/*") for path in ROOT.glob(f".*/{depth}.y*ml") if path.is_file()
    )
    trees = {
        path.relative_to(ROOT).as_posix(): yaml.safe_load(path.read_text(encoding="utf-8"))
        for path in found
    }
    return {name: tree for name, tree in trees.items() if any(commands_in(tree))}


def commands_in(tree: Any) -> Iterator[str]:
    """Every shell line of every step, in order."""
    if isinstance(tree, dict):
        for key, part in tree.items():
            if key in ("run", "commands"):
                lines = part.splitlines() if isinstance(part, str) else part
                yield from (line.strip() for line in lines)
            else:
                yield from commands_in(part)
    elif isinstance(tree, list):
        for part in tree:
            yield from commands_in(part)


PIPELINES = pipelines()


def recipes_in(name: str) -> list[str]:
    """What a pipeline says to `just`, line by line."""
    calls = [CALL.fullmatch(line) for line in commands_in(PIPELINES[name]) if line not in INSTALLS]
    return [call[1].strip() for call in calls if call]


@pytest.mark.parametrize(
    "recipe",
    ["check", "hooks", "images", "candidate", "release", "promote-version", "rollback-to"],
)
def test_something_runs_what_a_change_and_a_model_need(recipe: str) -> None:
    assert any(line.split()[0] == recipe for name in PIPELINES for line in recipes_in(name))


@pytest.mark.parametrize("name", PIPELINES)
def test_a_pipeline_installs_and_calls_recipes_and_nothing_else(name: str) -> None:
    first, *others = commands_in(PIPELINES[name])

    strange = [line for line in others if line not in INSTALLS and not CALL.fullmatch(line)]

    assert first in INSTALLS
    assert strange == []


def steps_in(tree: Any) -> Iterator[dict[str, Any]]:
    """Every step that runs something."""
    if isinstance(tree, dict):
        if "run" in tree or "commands" in tree:
            yield tree
        for part in tree.values():
            yield from steps_in(part)
    elif isinstance(tree, list):
        for part in tree:
            yield from steps_in(part)


def has_secret(tree: Any) -> bool:
    return bool(re.search(r"secrets\.|from_secret", str(tree)))


@pytest.mark.parametrize("name", PIPELINES)
def test_no_code_of_packages_is_run_beside_a_secret(name: str) -> None:
    steps = list(steps_in(PIPELINES[name]))
    installing = [step for step in steps if any("uv sync" in line for line in commands_in(step))]
    around = [
        {key: part for key, part in job.items() if key != "steps"}
        for job in (PIPELINES[name], *PIPELINES[name].get("jobs", {}).values())
    ]
    around = [{**job, "jobs": None, "variables": None} for job in around]

    assert installing
    assert not any(map(has_secret, [*installing, *around]))
    if any(map(has_secret, steps)):
        assert {line for step in installing for line in commands_in(step)} == {LOCKED}


@pytest.mark.parametrize("name", PIPELINES)
def test_just_knows_the_recipes_and_takes_their_arguments(name: str) -> None:
    told = []
    for line in recipes_in(name):
        command = ["just", "--justfile", ROOT / "justfile", "--dry-run", *shlex.split(line)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        told += [done.stderr] if done.returncode else []

    assert told == []


def test_providers_that_are_there_together_run_the_same_recipes() -> None:
    folders = groupby(PIPELINES, key=lambda name: name.partition("/")[0])

    first, *others = ({line for name in names for line in recipes_in(name)} for _, names in folders)

    assert [lines ^ first for lines in others] == [set() for _ in others]


@pytest.mark.parametrize("name", PIPELINES)
def test_what_others_wrote_is_named_by_its_commit_with_the_version(name: str) -> None:
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    named = [line.partition("uses: ")[2] for line in lines if "uses: " in line]

    loose = [step for step in named if not re.fullmatch(r"[\w/.-]+@[0-9a-f]{40} # v\d.*", step)]

    assert loose == []


@pytest.mark.parametrize("name", PIPELINES)
def test_a_pipeline_names_no_python_but_the_projects(name: str) -> None:
    version = (ROOT / ".python-version").read_text(encoding="utf-8").strip()

    named = re.findall(r"python(\d+\.\d+)", (ROOT / name).read_text(encoding="utf-8"))

    assert set(named) <= {version}
