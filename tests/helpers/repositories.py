"""Folders in git, and what the tests do to them."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

RECORD = ".cruft.json"


def git(folder: Path, *arguments: str) -> str:
    """What git printed, without the last newline."""
    done = subprocess.run(
        ["git", *arguments], cwd=folder, capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, f"git {' '.join(arguments)}\n{done.stderr}"
    return done.stdout.rstrip("\n")


@dataclass(frozen=True)
class Repository:
    """A folder in git."""

    folder: Path

    def git(self, *arguments: str) -> str:
        return git(self.folder, *arguments)

    def text(self, path: str) -> str:
        return (self.folder / path).read_bytes().decode("utf-8")

    def write(self, path: str, text: str) -> None:
        (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
        (self.folder / path).write_bytes(text.encode("utf-8"))

    def commit(self, tag: str = "") -> str:
        self.git("add", "--all")
        self.git("commit", "--quiet", "--no-verify", "--message", "change")
        if tag:
            self.git("tag", tag)
        return self.git("rev-parse", "HEAD")

    def files(self) -> dict[str, bytes]:
        """What each file holds, but what git ignores, and the record of the template."""
        names = self.git("ls-files", "--cached", "--others", "--exclude-standard", "-z").split("\0")
        found = {name: self.folder / name for name in names if name not in ("", RECORD)}
        return {name: path.read_bytes() for name, path in found.items() if path.exists()}

    def record(self) -> dict[str, Any]:
        """What `.cruft.json` says."""
        record: dict[str, Any] = json.loads(self.text(RECORD))
        return record

    def tool(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """`python tools/template …`."""
        return subprocess.run(
            [sys.executable, "tools/template", *arguments],
            cwd=self.folder,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
