"""CI files call recipes of the justfile, and hold no logic of their own."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
INSTALL = "if [ -f uv.lock ]; then uv sync --locked; else uv sync; fi"


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


@pytest.fixture(scope="module")
def recipes() -> set[str]:
    """The names that `just` knows."""
    command = ["just", "--justfile", ROOT / "justfile", "--summary"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_something_checks_a_change() -> None:
    assert any("uv run just check" in commands_in(tree) for tree in PIPELINES.values())


@pytest.mark.parametrize("name", PIPELINES)
def test_a_pipeline_installs_and_calls_recipes_that_exist(name: str, recipes: set[str]) -> None:
    first, *others = commands_in(PIPELINES[name])

    calls = [re.fullmatch(r"uv run just ([a-z][a-z-]*)(?: .*)?", line) for line in others]

    assert first == INSTALL
    assert all(calls), f"a line that is no recipe: {others}"
    assert {call[1] for call in calls if call} <= recipes


@pytest.mark.parametrize("name", PIPELINES)
def test_a_pipeline_names_no_python_but_the_projects(name: str) -> None:
    version = (ROOT / ".python-version").read_text(encoding="utf-8").strip()

    named = re.findall(r"python(\d+\.\d+)", (ROOT / name).read_text(encoding="utf-8"))

    assert set(named) <= {version}
