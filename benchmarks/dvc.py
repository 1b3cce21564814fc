"""What DVC costs around the stages: the first `dvc repro`, and one with nothing to do.

Measured in a clone of the project, with the project's environment. The first run is compared with
the same four commands one after the other, the second with `dvc status`, and with a DVC that only
says its version: started the same way, it is the least that any of its commands can take.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from measure import Command, Sample, interleaved, median, paired_ratio, run_once, table

# What the commands make, with MLflow's own store; and what DVC adds to that.
MADE = ("data/processed/digits", "outputs", "reports/evaluation", "mlflow.db", "mlartifacts")
KEPT = ("dvc.lock", ".dvc/cache")
IN_TURN = """
import subprocess, sys
for command in {commands!r}:
    subprocess.run(command, check=True)
"""
BY_HAND = (
    ("prepare", "data=digits", "experiment=repro"),
    (
        "train",
        "data=digits",
        "model=mlp",
        "trainer=cpu",
        "experiment=repro",
        "resume=never",
        "hydra.run.dir=outputs/dvc",
    ),
    ("evaluate", "--model-file", "outputs/dvc/model.onnx"),
    ("export", "--model-file", "outputs/dvc/model.onnx", "--to", "outputs/export/dvc"),
)
BASE = "`python -c pass`"
VERSION = "`dvc version`"
STATUS = "`dvc status`"
SECOND = "`dvc repro`, nothing to do"
COMMANDS = "the four commands, one after the other"
FIRST = "`dvc repro`, the first"
GOAL = "≤ 2"
DVC = "tools/dvc.py"


def cloned(project: Path, folder: Path) -> Path:
    """The project as git has it: no data, no runs, nothing in DVC's cache."""
    clone = folder / project.name
    subprocess.run(["git", "clone", "--quiet", str(project), str(clone)], check=True)
    return clone


def environment(clone: Path) -> dict[str, str]:
    """The clone's own code; of this machine's MLflow, nothing."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MLFLOW_")}
    sources = os.pathsep.join(str(clone / name) for name in ("src", "deployment/api"))
    return {**kept, "PYTHONPATH": sources, "PROJECT_ROOT": str(clone), "DVC_NO_ANALYTICS": "1"}


def by_hand(python: str, clone: Path) -> list[list[str]]:
    """The stages' commands, as one would type them."""
    package = next(path.parent.name for path in (clone / "src").glob("*/__init__.py"))
    return [[python, "-m", f"{package}.cli.{verb}", *rest] for verb, *rest in BY_HAND]


def row(name: str, samples: Mapping[str, Sequence[Sample]], base: str) -> list[str]:
    """One line: seconds, and the ratio to another line, round by round."""
    taken = samples[name]
    ratio = paired_ratio(taken, samples[base], "wall")
    return [name, *(f"{figure:.2f}" for figure in (*seconds(taken), ratio))]


def seconds(taken: Sequence[Sample]) -> tuple[float, float]:
    """Medians of wall and CPU time."""
    return median(taken, "wall"), median(taken, "cpu")


def first_runs(python: str, clone: Path, repro: Command, runs: int) -> str:
    """A table of all four stages, each time from nothing."""
    made = [clone / name for name in MADE]
    commands = [python, "-c", IN_TURN.format(commands=by_hand(python, clone))]
    listed = [
        Command(COMMANDS, commands, clone, leaves=made),
        replace(repro, leaves=[*made, *(clone / name for name in KEPT)]),
    ]
    samples = interleaved(listed, runs)
    header = ["four stages", "wall s", "CPU s", "wall / first row"]
    return table(header, [row(command.name, samples, COMMANDS) for command in listed])


def later_runs(python: str, clone: Path, runs: int) -> str:
    """A table of what DVC does where nothing has changed."""
    asked = {VERSION: "version", STATUS: "status", SECOND: "repro"}
    listed = [Command(BASE, [python, "-c", "pass"], clone)]
    listed += [Command(name, [python, DVC, word], clone) for name, word in asked.items()]
    samples = interleaved(listed, runs)
    header = ["nothing to do", "wall s", "CPU s", "wall / `dvc version`", "goal"]
    goals = {SECOND: GOAL}
    lines = [[*row(name, samples, VERSION), goals.get(name, "")] for name in samples]
    return table(header, lines)


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("project", type=Path, help="a baked project with DVC, set up")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--first-runs", type=int, default=3, help="of the table that trains")
    options = parser.parse_args()
    project = options.project.resolve()
    scripts = project / ".venv" / ("Scripts" if sys.platform == "win32" else "bin")
    python = str(scripts / "python")
    folder = Path(tempfile.mkdtemp(prefix="dvc-"))
    try:
        clone = cloned(project, folder)
        os.environ.update(environment(clone))
        repro = Command(FIRST, [python, DVC, "repro", "--quiet"], clone)
        told = first_runs(python, clone, repro, options.first_runs)
        print(f"medians of {options.first_runs}\n\n{told}")
        run_once(repro)
        print(f"\nmedians of {options.runs}\n\n{later_runs(python, clone, options.runs)}")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
