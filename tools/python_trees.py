"""ruff's judgement of generated Python, and git's of what it would hide."""

import json
import subprocess
import sys
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

from dependencies import is_source, settings
from linters import write
from renderer import File

RUFF = (sys.executable, "-m", "ruff")
JUDGEMENTS = (("check", "--output-format=concise"), ("format", "--check"))
Seen = set[tuple[File, Any]]


def unseen(files: Collection[File], seen: Seen) -> list[File]:
    """The files of a project, unless ruff has seen each of them in the same surroundings.

    What ruff says of a file depends on its text, on the settings, and, since it tells own modules
    from libraries, on what lies in the folders of sources. All of that is put into `seen`.
    """
    sources = [file for file in files if is_source(file)]
    document = settings(files)
    ruff = document["tool"].get("ruff", {})
    rules = (json.dumps(ruff), document["project"]["requires-python"])
    roots = [PurePosixPath(root).parts for root in ruff.get("src", (".", "src"))]
    paths = [PurePosixPath(file.path).parts for file in sources]
    own = {path[: len(root) + 1] for root in roots for path in paths if path[: len(root)] == root}
    new = {(file, (rules, frozenset(own))) for file in sources} - seen
    seen |= new
    return list(files) if new else []


def faults_of_python(trees: Mapping[str, Sequence[File]], folder: Path) -> Iterator[str]:
    """Yields what ruff says about these projects, each written to a folder of its name."""
    for name, files in trees.items():
        write(files, folder / name)
    for judgement in JUDGEMENTS if trees else ():
        done = subprocess.run(
            [*RUFF, *judgement, "--no-cache", "--quiet", "."],
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            check=False,
        )
        lines = done.stdout.strip().splitlines() or ["failed"]  # a killed program says nothing
        for line in lines if done.returncode else ():
            yield f"ruff {judgement[0]}: {line}"


def hidden(files: Collection[File], folder: Path) -> list[str]:
    """The files of a project that its own .gitignore hides from git, asked in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    write((file for file in files if PurePosixPath(file.path).name == ".gitignore"), folder)
    subprocess.run(["git", "init", "--quiet"], cwd=folder, check=True)
    done = subprocess.run(
        ["git", "-c", "core.excludesFile=", "check-ignore", "--no-index", "--stdin", "-z"],
        cwd=folder,
        input="\0".join(file.path for file in files),
        stdout=subprocess.PIPE,
        encoding="utf-8",
        check=False,
    )
    if done.returncode not in (0, 1):
        raise RuntimeError(f"git check-ignore ended with {done.returncode}")
    return [path for path in done.stdout.split("\0") if path]
