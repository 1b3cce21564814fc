"""`restore`: code and data of a registered version, in a folder beside the project."""

import argparse
import shlex
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from {{ cookiecutter.package_name }}.cli._entry import run, typed
from {{ cookiecutter.package_name }}.utils.words import counted

if TYPE_CHECKING:
    from {{ cookiecutter.package_name }}.integrations.lineage import Lineage

_UNKNOWN = "it was trained where there was no git, or no commit yet"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="restore",
        description="Put the code and the data that a registered version was trained from into a "
        "folder beside the project (a git worktree), and say what of it is as it was. The project "
        "itself stays as it is; after an error nothing is left.",
    )
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("--version", type=int, metavar="N", help="the version with this number")
    which.add_argument("--alias", help="the version that this alias names")
    parser.add_argument(
        "--into",
        type=Path,
        metavar="FOLDER",
        help="the folder to make (default: <project>-v<version>, beside the project)",
    )
    parser.add_argument("--code-only", action="store_true", help="leave the data out")
    return parser


def _restore(reference: str, into: Path | None, *, code_only: bool) -> int:
    from {{ cookiecutter.package_name }} import PROJECT
    from {{ cookiecutter.package_name }}.integrations.checkout import (
        beside,
        check_commit,
        checked_out,
    )
    from {{ cookiecutter.package_name }}.integrations.lineage import lineage_of
    from {{ cookiecutter.package_name }}.integrations.registry import Registry
    from {{ cookiecutter.package_name }}.integrations.restoring import data_back
    from {{ cookiecutter.package_name }}.schemas.errors import RestoreError
    from {{ cookiecutter.package_name }}.utils.paths import project_root

    project = project_root()
    lineage = lineage_of(Registry(PROJECT), reference)
    if lineage.commit is None:
        raise RestoreError(f"Nothing says which code version {lineage.version} is of: {_UNKNOWN}.")
    check_commit(project, lineage.commit, lineage.version)
    folder = into or beside(project, f"v{lineage.version}")
    with checked_out(project, lineage.commit, folder) as copy:
        print(f"version {lineage.version} of {PROJECT}", flush=True)
        for line in _code(copy, lineage):
            print(line, flush=True)
        if not code_only:
            print(f"data  {_data(lineage)}{data_back(project, copy, lineage)}")
    print("\n".join(_next(copy, lineage)))
    return 0


def _code(copy: Path, lineage: "Lineage") -> Iterator[str]:
    from {{ cookiecutter.package_name }}.utils.files import sha256_of
    from {{ cookiecutter.package_name }}.utils.paths import shown

    commit = str(lineage.commit)[:12]
    if lineage.is_dirty:
        yield f"code  {shown(copy)}: commit {commit}, the nearest there is"
        yield (
            f"warning: version {lineage.version} was trained from files that differed from this "
            "commit, and that nothing kept"
        )
    else:
        yield f"code  {shown(copy)}: commit {commit}, as it was trained"
    recorded, lock = lineage.tags.get("lock_sha256"), copy / "uv.lock"
    if recorded is not None:
        same = lock.is_file() and sha256_of(lock) == recorded
        yield f"lock  uv.lock: {'as it was' if same else 'NOT as it was'}"


def _data(lineage: "Lineage") -> str:
    rows = int(lineage.tags["data_rows"]) if "data_rows" in lineage.tags else None
    size = f", {counted(rows, 'row')}" if rows is not None else ""
    digest = lineage.data_digest[:12]
    return f"{lineage.data_name}{size}, digest {digest}: as they were, "


def _next(copy: Path, lineage: "Lineage") -> Iterator[str]:
    from {{ cookiecutter.package_name }}.utils.paths import shown

    train = typed(shlex.join(["train", *lineage.arguments]))
    yield f"next  cd {shlex.quote(shown(copy))}"
    if train.startswith("uv "):
        yield "      uv sync"
    else:
        yield "      python -m venv .venv  (activate it)"
        yield "      pip install -e '.[train]'"
    yield f"      {train}"


def main(argv: Sequence[str] | None = None) -> int:
    """Entry point; returns the exit code."""
    options = _parser().parse_args(argv)
    reference = options.alias if options.version is None else str(options.version)
    return run(lambda: _restore(reference, options.into, code_only=options.code_only))


if __name__ == "__main__":
    sys.exit(main())
