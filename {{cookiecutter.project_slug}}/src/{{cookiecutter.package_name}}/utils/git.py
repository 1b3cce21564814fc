"""git, asked about one folder: whatever repository the caller itself is at work in."""

import os
import shutil
import subprocess
from pathlib import Path

# With one of these set, as hooks have them, git would speak of another repository.
_ELSEWHERE = (
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_COMMON_DIR",
    "GIT_DIR",
    "GIT_INDEX_FILE",
    "GIT_NAMESPACE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_PREFIX",
    "GIT_WORK_TREE",
)


def git(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str] | None:
    """What git did in `folder`, in English and without questions; None where there is no git."""
    program = shutil.which("git")
    if program is None:
        return None
    environment = {name: value for name, value in os.environ.items() if name not in _ELSEWHERE}
    return subprocess.run(
        [program, "-C", str(folder), *arguments],
        env={**environment, "LC_ALL": "C", "GIT_TERMINAL_PROMPT": "0"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )


def asked(folder: Path, *arguments: str) -> str | None:
    """What git answers; None where it cannot, or where there is no git."""
    done = git(folder, *arguments)
    return done.stdout.strip() if done is not None and done.returncode == 0 else None
