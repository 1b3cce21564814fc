"""`pipeline`: from raw data to a model in production, each step a command of its own."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path

from {{ cookiecutter.package_name }}.cli import _help
from {{ cookiecutter.package_name }}.cli._entry import Terminated, run, typed
from {{ cookiecutter.package_name }}.schemas.errors import ConfigError
from {{ cookiecutter.package_name }}.utils.paths import project_root

SUMMARY = """\
prepare -> train -> evaluate -> promote to staging -> promote to prod. Takes the overrides that
`train` takes; stops at the first step that fails, with that step's exit code. After Ctrl-C
the same command goes on from the last epoch."""
EXAMPLES = (
    "pipeline",
    "pipeline model=cnn trainer.max_epochs=30",
    "pipeline data=table data.path=houses.csv data.target=price model=baseline",
)
_SWEEPS = {"-m", "--multirun"}

Call = Callable[[list[str]], int]


def _steps(overrides: list[str], folder: Path) -> Iterator[tuple[str, list[str]]]:
    """Each step's command and arguments; what follows training is about the version it made."""
    yield "prepare", overrides
    yield "train", [*overrides, f"hydra.run.dir={folder}"]
    version = _version(folder)
    _use_store_of(folder)
    yield "evaluate", ["--version", version]
    reason = ["--reason", "pipeline"]
    yield "promote", ["--to", "staging", "--version", version, *reason]
    yield "promote", ["--to", "prod", "--version", version, *reason]


def _version(folder: Path) -> str:
    from {{ cookiecutter.package_name }}.training.runs import read_record

    version = read_record(folder).version
    if version is None:
        raise ConfigError(
            "Training registered no version, so there is nothing to promote: the pipeline needs "
            "mlflow.enabled=true and trainer.fast_dev_run=false."
        )
    return version


def _use_store_of(folder: Path) -> None:
    """Point the steps to come at the store that training registered in.

    Only `train` reads `mlflow.tracking_uri`; a version number means nothing in another store.
    """
    from {{ cookiecutter.package_name }}.training.runs import read_record

    if stated := read_record(folder).tracking_uri:
        os.environ.setdefault("MLFLOW_TRACKING_URI", stated)


def _called(command: list[str]) -> int:
    with subprocess.Popen(command) as step:
        try:
            return step.wait()
        except KeyboardInterrupt as stop:
            if isinstance(stop, Terminated):  # Ctrl-C reaches the step by itself
                step.terminate()
            step.wait()
            raise


def _check(overrides: list[str]) -> None:
    if _SWEEPS & set(overrides):
        raise ConfigError("The pipeline promotes one model; sweep with `train -m` instead.")


def _pipeline(overrides: list[str], call: Call) -> int:
    _check(overrides)
    folder = project_root() / "outputs" / "train" / f"{datetime.now():%Y-%m-%d_%H-%M-%S-%f}"
    began = time.perf_counter()
    for number, (verb, arguments) in enumerate(_steps(overrides, folder), start=1):
        heading = " ".join([verb, *(arguments if verb == "promote" else [])])
        print(f"\n[{number}/5] {heading}", flush=True)
        command = [sys.executable, "-m", f"{__package__}.{verb}", *arguments]
        if code := call(command):
            print(f"pipeline stopped: {verb} ended with {code}", file=sys.stderr)
            return code
    print(f"\nDone in {time.perf_counter() - began:.0f} s. Next: {typed('serve --port 8000')}")
    return 0


def main(argv: Sequence[str] | None = None, call: Call = _called) -> int:
    """Entry point; returns the exit code. `call` runs a command line and returns its code."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    if _help.asked_for(arguments):
        return run(lambda: _help.show("pipeline", SUMMARY, EXAMPLES))
    return run(lambda: _pipeline(arguments, call))


if __name__ == "__main__":
    sys.exit(main())
