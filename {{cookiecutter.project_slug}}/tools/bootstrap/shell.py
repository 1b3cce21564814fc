"""Programs as bootstrap runs them: on this project only, quiet, in English, for a limited time."""

import os
import shutil
import subprocess
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

# With one of these set, git would work on the repository that the caller is in.
REPOSITORY_VARIABLES = (
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_COMMON_DIR",
    "GIT_DIR",
    "GIT_INDEX_FILE",
    "GIT_NAMESPACE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_PREFIX",
    "GIT_WORK_TREE",
)
LONGEST_SECONDS = 180


class Skipped(Exception):
    """A step that could not be done: the reason, and what to type when that is mended."""

    def __init__(self, reason: str, remedy: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.remedy = remedy


def execute(project: Path, command: Sequence[str]) -> subprocess.CompletedProcess[str]:
    """What the program did; Skipped where it does not end in time."""
    environment = {k: v for k, v in os.environ.items() if k not in REPOSITORY_VARIABLES}
    environment.update(LC_ALL="C", GIT_TERMINAL_PROMPT="0", NO_COLOR="1")
    environment.pop("VIRTUAL_ENV", None)
    try:
        return subprocess.run(
            command,
            cwd=project,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=LONGEST_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as slow:
        program = " ".join(command[:2])
        raise Skipped(f"{program} did not end in {LONGEST_SECONDS} seconds") from slow


def git(project: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Git on this folder, without guessing a user's name from the host."""
    return execute(project, ["git", "-c", "user.useConfigOnly=true", *arguments])


def succeed(done: subprocess.CompletedProcess[str]) -> str:
    """What the program printed; Skipped with its own last words where it failed."""
    if done.returncode:
        raise Skipped(last_words(done))
    return done.stdout.strip()


def last_words(done: subprocess.CompletedProcess[str]) -> str:
    """What a program says went wrong, and why: uv puts the cause on a line of its own."""
    lines = [line.strip() for line in (done.stderr or done.stdout).splitlines() if line.strip()]
    named = [line for line in lines if line.lower().startswith(("error", "fatal"))]
    said = (named or lines or [f"it ended with exit code {done.returncode}"])[-1]
    why = [line for line in lines if line.lower().startswith(("cause", "caused by", "hint"))]
    words = [said.removeprefix("error: "), *(line.partition(":")[2].strip() for line in why[:1])]
    return ": ".join(word.rstrip(".:") for word in words)


def owns_repository(project: Path) -> bool:
    """Whether this folder is the root of a git repository."""
    return shutil.which("git") is not None and (project / ".git").exists()


def has_commits(project: Path) -> bool:
    """Whether this repository has a history already."""
    return git(project, "rev-parse", "--verify", "--quiet", "HEAD").returncode == 0


def declared(project: Path) -> dict[str, Any]:
    """The `[tool]` tables of pyproject.toml."""
    tools: dict[str, Any] = tomllib.loads((project / "pyproject.toml").read_text("utf-8"))["tool"]
    return tools
