"""Programs as this tool runs them: in English, and never on a repository that the caller is in."""

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

CRUFT = "cruft>=2.16,<3"
# With one of these set, git would work on another repository than that of the folder.
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


class Stopped(Exception):
    """Why nothing more is done: one sentence that says what to do about it."""


def run(folder: Path, command: Sequence[str], feed: str = "") -> subprocess.CompletedProcess[str]:
    """What the program did; `feed` is what it may read."""
    environment = {k: v for k, v in os.environ.items() if k not in REPOSITORY_VARIABLES}
    # cruft reads its files in the encoding of the system; ours are UTF-8.
    environment.update(LC_ALL="C", GIT_TERMINAL_PROMPT="0", NO_COLOR="1", PYTHONUTF8="1")
    return subprocess.run(
        command,
        cwd=folder,
        env=environment,
        input=feed,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )


def git(folder: Path, *arguments: str, feed: str = "") -> str:
    """What git printed; Stopped with its own words where it failed."""
    if shutil.which("git") is None:
        raise Stopped("git is not installed; install it, then repeat.")
    done = run(folder, ["git", *arguments], feed)
    if done.returncode:
        raise Stopped(f"git {arguments[0]} failed: {last_words(done)}.")
    return done.stdout


def cruft(folder: Path, *arguments: str) -> None:
    """Runs cruft, from the path or through uv; Stopped with its own words where it failed."""
    done = run(folder, [*cruft_command(), *arguments])
    if done.returncode:
        raise Stopped(f"cruft {arguments[0]} failed: {last_words(done)}.")


def cruft_command() -> list[str]:
    """How cruft is started here."""
    if found := shutil.which("cruft"):
        return [found]
    if found := shutil.which("uv"):
        return [found, "tool", "run", "--quiet", "--from", CRUFT, "cruft"]
    raise Stopped(f'neither cruft nor uv is installed; `pip install "{CRUFT}"`, then repeat.')


def last_words(done: subprocess.CompletedProcess[str]) -> str:
    """The lines in which a program says what went wrong: those named so, else the last."""
    lines = [line.strip() for line in (done.stderr + done.stdout).splitlines() if line.strip()]
    named = [line for line in lines if line.lower().startswith(("error: ", "fatal: "))]
    lines = (done.stderr.strip() or done.stdout.strip()).splitlines()
    chosen = named or lines[-1:] or [f"it ended with exit code {done.returncode}"]
    return " ".join(chosen).rstrip(".")
