"""What a promotion takes, start to exit, on SQLite and against a server, and what dominates."""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from measure import Command, Sample, median, run_once, table

COUNTED = """
import collections, functools, json, sys, time
began = time.perf_counter()
import mlflow
imported = time.perf_counter() - began
calls, inside, depth = collections.Counter(), 0.0, 0

def counted(name, call):
    @functools.wraps(call)
    def counting(*arguments, **named):
        global inside, depth
        calls[name] += depth == 0
        depth += 1
        began = time.perf_counter()
        try:
            return call(*arguments, **named)
        finally:
            depth -= 1
            inside += (time.perf_counter() - began) * (depth == 0)
    return counting

for name in dir(mlflow.MlflowClient):
    call = getattr(mlflow.MlflowClient, name)
    if not name.startswith("_") and callable(call):
        setattr(mlflow.MlflowClient, name, counted(name, call))
import mlflow.artifacts
mlflow.artifacts.download_artifacts = counted("download", mlflow.artifacts.download_artifacts)
import importlib
code = importlib.import_module(sys.argv[1]).main(sys.argv[2:])
assert code == 0, code
told = {"calls": sum(calls.values()), "downloads": calls["download"], "inside": inside}
print(json.dumps({**told, "import": imported, "all": time.perf_counter() - began}))
"""


def counts(python: str, package: str, verb: list[str], project: Path, env: dict[str, str]) -> dict:
    """One run of a command in a process that counts its calls to MLflow."""
    command = [python, "-c", COUNTED, f"{package}.cli.{verb[0]}", *verb[1:]]
    done = subprocess.run(
        command, cwd=project, env={**os.environ, **env}, capture_output=True, text=True, check=True
    )
    told: dict = json.loads(done.stdout.splitlines()[-1])
    return told


def main() -> None:
    """Print the tables. A store of its own is used, and an empty server should be."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("project", type=Path, help="a baked project, set up, with prepared digits")
    parser.add_argument("--server", metavar="URI", help="measure against this MLflow server, too")
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    project = options.project.resolve()
    folder = project / ".venv" / ("Scripts" if sys.platform == "win32" else "bin")
    package = next(path.parent.name for path in (project / "src").glob("*/__init__.py"))
    scratch = tempfile.TemporaryDirectory()
    stores = {"SQLite": {"MLFLOW_TRACKING_URI": f"sqlite:///{scratch.name}/mlflow.db"}}
    if options.server:
        stores["server"] = {"MLFLOW_TRACKING_URI": options.server}
    verbs = {
        "promote --to staging": ["promote", "--to", "staging"],
        "promote --to prod": ["promote", "--to", "prod"],
        "rollback": ["rollback"],
    }
    python = str(folder / "python")
    train = [str(folder / "train"), "model=baseline"]
    rows, counted = [], []
    for store, env in stores.items():
        samples: dict[str, list[Sample]] = {name: [] for name in verbs}
        for run in range(options.runs + 1):
            run_once(Command("train", train, project, env))
            for name, verb in verbs.items():
                if verb == ["rollback"] and run == 0:
                    continue  # the first that serves has nothing before it
                command = [str(folder / verb[0]), *verb[1:]]
                samples[name].append(run_once(Command(name, command, project, env)))
        rows += [
            [
                f"`{name}`",
                store,
                f"{median(taken[-options.runs :], 'wall'):.2f}",
                f"{median(taken[-options.runs :], 'cpu'):.2f}",
            ]
            for name, taken in samples.items()
        ]
        run_once(Command("train", train, project, env))
        for name, verb in verbs.items():
            told = counts(python, package, verb, project, env)
            counted.append(
                [
                    f"`{name}`",
                    store,
                    told["calls"],
                    told["downloads"],
                    f"{told['import']:.2f}",
                    f"{told['inside']:.2f}",
                    f"{told['all'] - told['import'] - told['inside']:.2f}",
                ]
            )
    start = [
        run_once(Command("help", [str(folder / "promote"), "--help"], project))
        for _ in range(options.runs)
    ]
    rows.append(
        ["`promote --help`", "", f"{median(start, 'wall'):.2f}", f"{median(start, 'cpu'):.2f}"]
    )
    print(f"medians of {options.runs}\n")
    print(table(["command", "store", "wall s", "CPU s"], rows))
    print()
    header = [
        "command",
        "store",
        "calls",
        "of them downloads",
        "import of MLflow s",
        "in calls s",
        "the rest s",
    ]
    print(table(header, counted))
    scratch.cleanup()


if __name__ == "__main__":
    main()
