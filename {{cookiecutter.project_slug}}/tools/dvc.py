"""DVC as this project runs it: `python tools/dvc.py repro`.

DVC lives in an environment of its own, since what it requires would fight with what the project
requires. Its stages are commands of the project, which this file puts on their path.
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


def main(arguments: list[str]) -> int:
    """Runs DVC with these arguments; its exit code, or 2 where there is no DVC."""
    dvc = command()
    if dvc is None:
        print("error: neither dvc nor uv is installed: pip install uv", file=sys.stderr)
        return 2
    with subprocess.Popen([*dvc, *arguments], env=environment()) as process:
        # Ctrl-C reaches DVC as well, which ends its stage and lets go of its locks.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        return process.wait()


def command() -> list[str] | None:
    """DVC as this machine has it, or by uv in the version that pyproject.toml asks for."""
    if program := shutil.which("dvc"):
        return [program]
    if uv := shutil.which("uv"):
        tools = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
        requirement = tools["bootstrap"]["dvc"]["requirement"]
        return [uv, "tool", "run", "--quiet", "--from", requirement, "dvc"]
    return None


def environment() -> dict[str, str]:
    """What stages find the project's commands, code and configuration by."""
    scripts = str(Path(sys.executable).parent)
    return {
        **os.environ,
        "PATH": os.pathsep.join([scripts, os.environ.get("PATH", "")]),
        "PROJECT_ROOT": ROOT,
        "PYTHONPATH": os.pathsep.join(SOURCES),
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
