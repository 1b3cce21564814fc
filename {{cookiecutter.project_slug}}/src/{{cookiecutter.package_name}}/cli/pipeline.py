"""`pipeline`: from raw data to a model in production, each step a command of its own."""

import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from {{ cookiecutter.package_name }}.cli import _help
from {{ cookiecutter.package_name }}.cli._entry import run
from {{ cookiecutter.package_name }}.schemas.errors import ConfigError
from {{ cookiecutter.package_name }}.utils.paths import project_root

SUMMARY = """\
prepare -> train -> evaluate -> promote to staging -> promote to prod. Takes the overrides that
`train` takes; stops at the first step that fails, with that step's exit code."""
EXAMPLES = (
    "pipeline",
    "pipeline model=cnn trainer.max_epochs=30",
    "pipeline data=table data.path=houses.csv data.target=price model=baseline",
)
_SWEEPS = {"-m", "--multirun"}


def _steps(overrides: list[str], folder: Path) -> Iterator[tuple[str, list[str]]]:
    """Each step's command and arguments; what follows training is about the version it made."""
    yield "prepare", overrides
    yield "train", [*overrides, f"hydra.run.dir={folder}"]
    version = _version(folder)
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


def _pipeline(overrides: list[str]) -> int:
    if _SWEEPS & set(overrides):
        raise ConfigError("The pipeline promotes one model; sweep with `train -m` instead.")
    folder = project_root() / "outputs" / "train" / f"{datetime.now():%Y-%m-%d_%H-%M-%S-%f}"
    began = time.perf_counter()
    # A resumed training would go on in the folder of the run that was interrupted.
    named = [item for item in overrides if item.startswith("resume=")] or ["resume=never"]
    rest = [item for item in overrides if not item.startswith("resume=")]
    for number, (verb, arguments) in enumerate(_steps([*rest, *named], folder), start=1):
        heading = " ".join([verb, *(arguments if verb == "promote" else [])])
        print(f"\n[{number}/5] {heading}", flush=True)
        command = [sys.executable, "-m", f"{__package__}.{verb}", *arguments]
        done = subprocess.run(command, check=False)
        if done.returncode:
            print(f"pipeline stopped: {verb} ended with {done.returncode}", file=sys.stderr)
            return done.returncode
    print(f"\nDone in {time.perf_counter() - began:.0f} s. Next: serve --port 8000")
    return 0


def main(argv: Sequence[str] | None = None) -> int:
    """Entry point; returns the exit code."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    if _help.asked_for(arguments):
        print(_help.text("pipeline", SUMMARY, EXAMPLES))
        return 0
    return run(lambda: _pipeline(arguments))


if __name__ == "__main__":
    sys.exit(main())
