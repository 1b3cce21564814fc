"""The lock file: the exact versions that every clone installs."""

import shutil
from pathlib import Path

from shell import Skipped, execute, succeed


def run(project: Path) -> bool:
    """Locks the dependencies; Skipped without uv, or where no package index answers."""
    if (project / "uv.lock").exists():
        return False
    uv = shutil.which("uv")
    if uv is None:
        raise Skipped("uv is not installed", "pip install uv, then python tools/bootstrap")
    print("Locking dependencies (uv lock) ...")
    succeed(execute(project, [uv, "lock", "--quiet"]))
    return True
