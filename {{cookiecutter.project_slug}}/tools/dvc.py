"""DVC as this project runs it: `python tools/dvc.py repro`.

DVC lives in an environment of its own, since what it requires would fight with what the project
requires. Its stages are commands of the project, which this file puts on their path. `exp run -S`
takes the keys that `train` takes: `-S model=cnn`, `-S model.optimizer.lr=0.001`.
"""

import os
import shutil
import signal
import subprocess
import sys
import tomllib
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
# Relative, because `dvc exp run --temp` and `--queue` run the stages in a copy of the project: each
# stage starts at the root of its copy, and takes code and configuration from there.
ROOT = "."
SOURCES = ("src", "deployment/api")
# uv puts DVC's own environment in front of the path, where stages would find DVC's `python`.
START = """\
import os, sys
sys.path.pop(0)
os.environ["PATH"] = os.environ.pop("PATH_OF_STAGES")
from dvc.cli import main
sys.exit(main())
"""
CHOICES = ("data", "model", "trainer")
"""What params.yaml holds; every other key is a value, and goes to the stages' experiment."""
EXPERIMENT = "config/experiment/repro.yaml"
SET = ("-S", "--set-param")


def main(arguments: list[str]) -> int:
    """Runs DVC with these arguments; its exit code, or 2 where there is no DVC."""
    dvc = command()
    if dvc is None:
        print("error: neither dvc nor uv is installed: pip install uv", file=sys.stderr)
        return 2
    if arguments[:2] == ["exp", "run"]:
        arguments = placed(arguments)
    with subprocess.Popen([*dvc, *arguments], env=environment()) as process:
        # Ctrl-C reaches DVC as well, which ends its stage and lets go of its locks.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        return process.wait()


def placed(arguments: list[str]) -> list[str]:
    """With the file that each value to be set is in, where none was named."""
    words, before = [], ""
    for word in arguments:
        option, equals, override = word.partition("=")
        if before in SET:
            words.append(in_file(word))
        elif option in SET and equals:
            words.append(f"{option}={in_file(override)}")
        else:
            words.append(word)
        before = word
    return words


def in_file(override: str) -> str:
    """`model.optimizer.lr=0.001` as DVC takes it: the file, and `++`, which adds or changes."""
    key = override.partition("=")[0]
    if ":" in key or key in CHOICES:
        return override
    return f"{EXPERIMENT}:{override if key[:1] in '+~' else f'++{override}'}"


def command() -> list[str] | None:
    """DVC as this machine has it, or by uv in the version that pyproject.toml asks for."""
    if program := shutil.which("dvc"):
        return [program]
    if uv := shutil.which("uv"):
        tools = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
        requirement = tools["bootstrap"]["dvc"]["requirement"]
        return [uv, "tool", "run", "--quiet", "--from", requirement, "python", "-c", START]
    return None


def environment() -> dict[str, str]:
    """What stages find the project's commands, code and configuration by."""
    scripts = str(Path(sys.executable).parent)
    path = os.pathsep.join([scripts, os.environ.get("PATH", "")])
    return {
        **os.environ,
        "PATH": path,
        "PATH_OF_STAGES": path,
        "PROJECT_ROOT": ROOT,
        "PYTHONPATH": os.pathsep.join(SOURCES),
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
