"""The project: what `.cruft.json` says of its template, and what git says of its files."""

import fnmatch
import json
import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from programs import Stopped, git, run

RECORD = ".cruft.json"
UNDER_WAY = ("MERGE_HEAD", "REBASE_HEAD", "CHERRY_PICK_HEAD", "REVERT_HEAD")
CONFLICT = re.compile(rb"^<{7} .*^>{7} ", re.MULTILINE | re.DOTALL)
SHOWN = 5


@dataclass(frozen=True)
class Project:
    """A folder with a record of its template."""

    folder: Path

    @property
    def record(self) -> dict[str, Any]:
        """What cruft keeps of the template: its URL, the commit, the answers."""
        file = self.folder / RECORD
        try:
            record: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        except FileNotFoundError as absent:
            raise Stopped(
                f"{RECORD} is not there, so the project does not know its template; "
                "`cruft link <URL of the template>` writes it."
            ) from absent
        except ValueError as broken:
            raise Stopped(f"{RECORD} is not valid JSON: {broken}.") from broken
        if missing := {"template", "commit", "context"} - record.keys():
            raise Stopped(f"{RECORD} lacks {', '.join(sorted(missing))}.")
        return record

    @property
    def context(self) -> dict[str, Any]:
        """The answers, and the template's own private values."""
        context: dict[str, Any] = self.record["context"]["cookiecutter"]
        return context

    @property
    def answers(self) -> dict[str, Any]:
        """What was answered, without private values: the template sets those itself."""
        return {name: value for name, value in self.context.items() if not name.startswith("_")}

    def refuse_half_done(self) -> None:
        """Stopped where there is no history yet, or git is in the middle of a merge."""
        if run(self.folder, ["git", "rev-parse", "--verify", "HEAD"]).returncode:
            raise Stopped(
                "the project has no commit in git yet; `uv run just bootstrap` makes one."
            )
        if unmerged := [
            path for code, path in self.status() if "U" in code or code in ("AA", "DD")
        ]:
            raise Stopped(f"there are merge conflicts in {listed(unmerged)}; resolve them first.")
        for head in UNDER_WAY:
            if not run(self.folder, ["git", "rev-parse", "--verify", head]).returncode:
                raise Stopped(f"git is in the middle of something ({head}); finish that first.")

    def refuse_unless_clean(self) -> None:
        """Stopped where an update would mix with changes of one's own."""
        if status := self.status():
            paths = listed([path for _, path in status])
            raise Stopped(f"there are changes that are not committed: {paths}; commit them first.")

    def stage_record(self) -> None:
        """Git's index has the record as well: cruft puts there only what it has merged."""
        if run(self.folder, ["git", "ls-files", "--error-unmatch", RECORD]).returncode == 0:
            git(self.folder, "add", "--", RECORD)

    def status(self) -> list[tuple[str, str]]:
        """Git's two letters and the path, from the repository's root, of each changed file."""
        options = ("--porcelain", "-z", "--no-renames", "--untracked-files=all")
        entries = git(self.folder, "status", *options).split("\0")
        return [(entry[:2], entry[3:]) for entry in entries if entry]

    def changed(self) -> list[str]:
        """Paths from the project's folder of what differs from the last commit, but the record."""
        inside = git(self.folder, "rev-parse", "--show-prefix").strip()
        paths = [path.removeprefix(inside) for _, path in self.status() if path.startswith(inside)]
        return sorted(path for path in paths if path != RECORD)

    def conflicts(self) -> list[str]:
        """Changed files that hold conflict markers."""
        files = [path for path in self.changed() if (self.folder / path).is_file()]
        return [path for path in files if CONFLICT.search((self.folder / path).read_bytes())]

    def rejects(self) -> set[str]:
        """Files in which git leaves what it could not apply, ignored ones as well."""
        options = ("--others", "-z", "--", "*.rej", "*.orig")
        return set(filter(None, git(self.folder, "ls-files", *options).split("\0")))

    def remember(self, pristine: Path) -> None:
        """Gives git the template's own files, so that it can merge where it else only rejects."""
        files = "".join(f"{path.as_posix()}\n" for path in sorted(files_below(pristine)))
        git(self.folder, "hash-object", "-w", "--stdin-paths", feed=files)

    def holds(self, path: str, content: bytes | None) -> bool:
        """Whether the file is as this content, or not there where it is None."""
        file = self.folder / path
        return (lines(file) if file.is_file() else None) == content

    def contents(self, pristine: Path) -> dict[str, bytes]:
        """What the files of a rendered template hold, but those that cruft is told to skip."""
        configuration = self.folder / "pyproject.toml"
        text = configuration.read_text(encoding="utf-8") if configuration.is_file() else ""
        skipped = [
            *self.record.get("skip", ()),
            *tomllib.loads(text).get("tool", {}).get("cruft", {}).get("skip", ()),
            RECORD,
            ".git",
        ]
        found = {file.relative_to(pristine).as_posix(): file for file in files_below(pristine)}
        return {
            path: lines(file)
            for path, file in found.items()
            if not any(path.startswith(f"{s}/") or fnmatch.fnmatch(path, s) for s in skipped)
        }


def files_below(folder: Path) -> Iterator[Path]:
    """Every file, at any depth."""
    return (path for path in folder.rglob("*") if path.is_file())


def lines(file: Path) -> bytes:
    """What the file holds, with the line ends of a commit: a checkout on Windows has others."""
    return file.read_bytes().replace(b"\r\n", b"\n")


def listed(paths: Iterable[str]) -> str:
    """Some of the paths, and how many more there are."""
    paths = sorted(paths)
    more = f" and {len(paths) - SHOWN} more" if len(paths) > SHOWN else ""
    return ", ".join(paths[:SHOWN]) + more
