#!/usr/bin/env python3
"""Sets this repository up on a machine that has Python 3.11+, pip and git, and runs its work.

python3 dev.py demo [FOLDER]    a project, from nothing to a served prediction
python3 dev.py test             what must pass: lint, tests, renders, a project's own suite
python3 dev.py nox ...          any session by name: `python3 dev.py nox --list`

Tools live in `.tools/`; outside this folder only uv's cache grows.
"""

from __future__ import annotations

import ast
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
TOOLS = ROOT / ".tools"
SCRIPTS = "Scripts" if os.name == "nt" else "bin"
REQUIRED = "required"  # the tag in noxfile.py
PASSED_ON = "ML_TEMPLATE_PASSED_ON"
# uv does not read pip's settings, so a company mirror known to pip is told to uv as well. Extra
# indexes are left out: uv and pip choose differently among several, which can be exploited.
UV_NAMES_OF_PIP_SETTINGS = {
    "index-url": "UV_DEFAULT_INDEX",
    "find-links": "UV_FIND_LINKS",
    "trusted-host": "UV_INSECURE_HOST",
    "cert": "SSL_CERT_FILE",
}


class CannotStart(Exception):
    """Something this machine lacks, said in one sentence."""


def main(arguments: list[str]) -> int:
    """The exit code of what was asked for; 2 when the question was not understood."""
    command, rest = (arguments[0], arguments[1:]) if arguments else ("--help", [])
    if command in ("-h", "--help"):
        print(__doc__)
        return 0
    try:
        session = nox_arguments(command, rest)
        require_python_pip_and_git()
        environment = environment_for_uv()
        python = tool_environment(environment)
        return run_nox(python, session, environment)
    except CannotStart as problem:
        print(f"error: {problem}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\nStopped.", file=sys.stderr)
        return 130


def nox_arguments(command: str, rest: list[str]) -> list[str]:
    """What to tell nox; relative folders are meant from where the user stands."""
    if command == "demo":
        options = [a for a in rest if a.startswith("-")]
        folders = [a for a in rest if not a.startswith("-")] or ["demo-project"]
        return ["-s", "demo", "--", *options, *(str(Path(f).resolve()) for f in folders)]
    if command == "test":
        if rest:
            raise CannotStart(f"test takes no arguments, but got {' '.join(rest)}; see dev.py nox.")
        return ["-t", REQUIRED]
    if command == "nox":
        return rest
    raise CannotStart(f"there is no command {command!r}: choose demo, test or nox.")


def require_python_pip_and_git() -> None:
    """Raises CannotStart for the first of the three that is missing."""
    if sys.version_info < (3, 11):  # noqa: UP036 (an older one may well start this file)
        version = ".".join(map(str, sys.version_info[:3]))
        raise CannotStart(f"Python 3.11 or newer is needed, but {sys.executable} is {version}.")
    if shutil.which("git") is None:
        raise CannotStart("git is needed, but it is not on the PATH; install it and try again.")
    if importlib.util.find_spec("pip") is None:
        raise CannotStart(f"pip is needed, but {sys.executable} does not have it (python3-pip).")


def environment_for_uv() -> dict[str, str]:
    """The environment of this process, with pip's settings under the names that uv reads."""
    listed = subprocess.run(
        [sys.executable, "-m", "pip", "config", "list"], capture_output=True, text=True, check=False
    )
    environment = dict(os.environ)
    passed_on = {k: v for k, v in uv_settings(listed.stdout).items() if k not in environment}
    environment.update(passed_on)
    environment[PASSED_ON] = " ".join(passed_on)  # the demo tells the user about them
    environment["PATH"] = os.pathsep.join([str(TOOLS / "uv" / "bin"), os.environ.get("PATH", "")])
    return environment


def uv_settings(pip_config: str) -> dict[str, str]:
    """Reads `pip config list`; a setting of the environment wins over one of a file."""
    found: dict[str, str] = {}
    for line in sorted(pip_config.splitlines(), key=lambda line: line.startswith(":env:")):
        key, separator, quoted = line.partition("=")
        section, _, setting = key.rpartition(".")
        if separator and section in ("global", "install", ":env:"):
            name = UV_NAMES_OF_PIP_SETTINGS.get(setting)
            if name is not None:
                words = str(ast.literal_eval(quoted)).split()
                found[name] = ",".join(words) if setting == "find-links" else " ".join(words)
    return found


def tool_environment(environment: dict[str, str]) -> Path:
    """The Python that has nox; made at the first call and whenever its requirements change."""
    requirements = development_requirements()
    stamp = TOOLS / "stamp"
    wanted = hashlib.sha256("\n".join([sys.executable, sys.version, *requirements]).encode())
    python = TOOLS / "venv" / SCRIPTS / ("python.exe" if os.name == "nt" else "python")
    if stamp.is_file() and stamp.read_text() == wanted.hexdigest() and python.is_file():
        return python
    print("Preparing the tools (once) ...", flush=True)
    shutil.rmtree(TOOLS, ignore_errors=True)
    install_uv([r for r in requirements if r.startswith("uv")])
    uv = ["uv", "--quiet"]
    call([*uv, "venv", "--python", sys.executable, str(TOOLS / "venv")], environment)
    call([*uv, "pip", "install", "--python", str(python), *requirements], environment)
    stamp.write_text(wanted.hexdigest())
    return python


def development_requirements() -> list[str]:
    """The group `dev` of pyproject.toml."""
    import tomllib  # new in 3.11: an older Python must get as far as being told so

    document = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return [str(requirement) for requirement in document["dependency-groups"]["dev"]]


def install_uv(requirements: list[str]) -> None:
    """Into a folder of its own: needs neither venv nor ensurepip, and no right to change Python."""
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", "install"]
    environment = {
        **os.environ,
        "PIP_USER": "0",
        "PIP_REQUIRE_VIRTUALENV": "0",
        "PIP_ROOT_USER_ACTION": "ignore",
    }
    call([*pip, "--target", str(TOOLS / "uv"), *requirements], environment)


def call(command: list[str], environment: dict[str, str]) -> None:
    """Runs a step whose own output explains a failure; raises CannotStart then."""
    program = shutil.which(command[0], path=environment.get("PATH")) or command[0]
    if subprocess.run([program, *command[1:]], env=environment, check=False).returncode:
        raise CannotStart(f"the tools could not be installed: {' '.join(command)} failed.")


def run_nox(python: Path, arguments: list[str], environment: dict[str, str]) -> int:
    """The exit code of nox."""
    noxfile = str(ROOT / "noxfile.py")
    command = [str(python), "-m", "nox", "--noxfile", noxfile, *arguments]
    return subprocess.run(command, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
