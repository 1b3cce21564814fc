"""kill -9 between any two calls of a move: the registry is before it or after it, never between."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from {{ cookiecutter.package_name }} import PROJECT
from {{ cookiecutter.package_name }}.cli.promote import main as promote
from {{ cookiecutter.package_name }}.integrations.registry import Registry
from {{ cookiecutter.package_name }}.integrations.registry_writer import RegistryWriter

# MLflow's own use of SQLAlchemy; nothing here can change it.
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="copies of a process are made by fork"),
    pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SADeprecationWarning"),
    pytest.mark.filterwarnings("ignore:.*Any type hint is inferred"),
]

_AFTER_THE_ALIAS = 4
"""Two calls for a ticket, one for the intent, one for the alias: this is the next."""

PROGRAM = Path(__file__).with_name("killed_moves.py")


def killed(store: str, folder: Path, to: str, version: str) -> list[dict]:
    arguments = [store.removeprefix("sqlite:///"), str(folder), to, version]
    # MLflow's client puts the address that it uses into the environment.
    clean = {key: value for key, value in os.environ.items() if not key.startswith("MLFLOW_")}
    command = [sys.executable, str(PROGRAM), *arguments]
    done = subprocess.run(command, env=clean, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]


def prepare(store: str, aliases: dict[str, str], tags: dict[str, str]) -> None:
    registry = Registry(PROJECT, store)
    writer = RegistryWriter(registry)
    for alias, number in aliases.items():
        writer.set_alias(alias, number)
    for number, tag in tags.items():
        writer.tag(number, "lifecycle", tag)


def test_killed_before_any_call_a_move_has_happened_or_not(store, registered, tmp_path):
    to, version = "prod", "2"
    aliases, tags = {"dev": "3", "staging": "2", "prod": "1"}, {"1": "prod", "2": "staging"}
    after = {"dev": "3", "prod": "2", "archived": "1"}
    registered(3)
    prepare(store, aliases, tags)

    runs = killed(store, tmp_path, to, version)

    moved = [run["left_behind"]["aliases"].get(to) == version for run in runs]
    first = moved.index(True)
    assert len(runs) >= 9
    assert runs[-1]["before"] == ""
    assert [run["before"].split()[0] for run in runs[first - 1 : first]] == ["set_alias"]
    assert all(moved[first:])
    for run, has_moved in zip(runs, moved, strict=True):
        repaired, states = run["repaired"], run["left_behind"]["states"]
        assert repaired["aliases"] == (after if has_moved else aliases), run["before"]
        assert states == repaired["states"], run["before"]  # seen at once, repaired or not
        assert repaired["moves"] == ([f"{version} to {to}"] if has_moved else [])
        assert repaired["left"] == 0
        if has_moved:
            assert repaired["tags"] == repaired["states"]


def test_of_several_at_once_one_wins_and_the_others_are_told(store, registered):
    registered(3)
    clean = {key: value for key, value in os.environ.items() if not key.startswith("MLFLOW_")}
    command = [sys.executable, str(PROGRAM.with_name("racing_moves.py")), store, "staging"]

    done = subprocess.run([*command, "1", "2", "3"], env=clean, capture_output=True, text=True)

    outcomes = dict(line.split(" ", 1) for line in done.stdout.splitlines())
    losers = [outcome for outcome in outcomes.values() if outcome != "moved"]
    (winner,) = [version for version, outcome in outcomes.items() if outcome == "moved"]
    assert [loser.partition(" ")[0] for loser in losers] == ["MoveRefused"] * 2, done.stdout
    assert Registry(PROJECT).aliases()["staging"] == winner
    assert Registry(PROJECT).model_tags() == {}


def test_the_next_command_finishes_what_a_killed_one_had_begun(store, registered, capsys):
    registered(1)
    prepare(store, {"staging": "1"}, {"1": "staging"})
    RegistryWriter(Registry(PROJECT)).delete_alias("dev")
    code = _kill_once(store, _AFTER_THE_ALIAS)
    shown = promote(["--history"])

    finished = promote(["--to", "prod", "--version", "1"])

    said = capsys.readouterr().out
    assert (code, shown, finished) == (-9, 0, 0)
    assert "unfinished: version 1 to prod, by ada" in said
    assert "finished an interrupted move: version 1 to prod" in said
    assert "prod already names version 1; nothing changed" in said
    assert Registry(PROJECT).aliases() == {"prod": "1"}
    assert Registry(PROJECT).model_tags() == {}


def _kill_once(store: str, last: int) -> int:
    """Kill the move to `prod` before call `last`, in the store itself."""
    program = f"""
import sys
sys.path.insert(0, {str(PROGRAM.parent)!r})
from killed_moves import PROJECT, Killing, Registry, move, turn, wanted
registry = Registry(PROJECT, {store!r})
with turn(Killing(registry, {last}, 2), "killed", "ada") as mine:
    move(mine, wanted(registry, "prod", "1"), dict())
"""
    return subprocess.run([sys.executable, "-c", program], check=False).returncode
