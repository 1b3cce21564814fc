"""One update by cruft, with what cruft does not look at: it ends well whatever became of it."""

import json
import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from programs import Stopped, cruft, run
from project import Project, listed
from source import Template

Contents = Mapping[str, bytes]
UNDO = "git reset --hard\n  git clean -d --force"


@dataclass(frozen=True)
class Wish:
    """The version of the template to have, as its record shall name it, and answers to change."""

    checkout: str
    answers: dict[str, Any]


@dataclass(frozen=True)
class Outcome:
    """Files that changed, and files that would have if they had not been deleted here."""

    changed: list[str]
    deleted_here: list[str]


class Unresolved(Stopped):
    """The update left something to decide: what, and what to do about it."""

    def __init__(self, found: list[str]) -> None:
        lines = "\n  ".join(found)
        super().__init__(
            f"the update needs you in {len(found)} place(s):\n  {lines}\n"
            "Edit these files, `git add` them, run `uv run just check`, and commit.\n"
            f"Or take the whole update back:\n  {UNDO}"
        )


def update(project: Project, template: Template, wish: Wish, scratch: Path) -> Outcome:
    """Updates the project's files; Stopped where that could not be done whole."""
    commit = template.commit_of(wish.checkout)
    answers = {**project.answers, **wish.answers}
    old = template.rendered(project.record["commit"], project.answers, scratch / "old")
    new = template.rendered(commit, answers, scratch / "new")
    before, after = project.contents(old), project.contents(new)
    refuse_to_delete_edits(project, before, after)
    project.remember(old)
    rejects = project.rejects()
    run_cruft(project, template, wish, scratch)
    project.stage_record()
    if project.record["commit"] != commit and before != after:
        raise Stopped(f"cruft ended without an update to {wish.checkout}.")
    if unresolved := [*conflicts(project), *places(sorted(project.rejects() - rejects))]:
        raise Unresolved(unresolved)
    different = {p for p in before.keys() | after.keys() if before.get(p) != after.get(p)}
    deleted_here = {path for path in different if was_deleted(project, path, before)}
    refuse_lost_update(project, before, different - deleted_here)
    return Outcome(project.changed(), sorted(deleted_here & after.keys()))


def run_cruft(project: Project, template: Template, wish: Wish, scratch: Path) -> None:
    """`cruft update` from the copy; the record keeps the template's own URL."""
    variables = scratch / "variables.json"
    variables.write_text(json.dumps({"context": {"cookiecutter": wish.answers}}), encoding="utf-8")
    source = ("--template-path", str(template.clone), "--checkout", wish.checkout)
    changed = ("--variables-to-update-file", str(variables)) if wish.answers else ()
    cruft(project.folder, "update", "--skip-apply-ask", *source, *changed)


def refuse_to_delete_edits(project: Project, before: Contents, after: Contents) -> None:
    """Stopped where the template takes a file back that was edited here.

    Git could not merge that, and would then merge no other file of the update either.
    """
    edited = [
        path
        for path in before.keys() - after.keys()
        if (project.folder / path).exists() and not project.holds(path, before[path])
    ]
    if edited:
        raise Stopped(
            f"the update deletes files that you have changed: {listed(edited)}. Move what you want "
            "to keep to a name of your own, delete the rest, commit, and repeat."
        )


def was_deleted(project: Project, path: str, before: Contents) -> bool:
    """Whether the file, or a folder that it is in, was of the template and is not here any more.

    Cruft leaves out what is new in such a folder, too.
    """
    known = {folder for name in before for folder in (name, *map(str, PurePosixPath(name).parents))}
    own = (path, *map(str, PurePosixPath(path).parents))
    return any(name in known and not (project.folder / name).exists() for name in own)


def refuse_lost_update(project: Project, before: Contents, different: Iterable[str]) -> None:
    """Stopped where a file is still as before though the template has it otherwise now."""
    if lost := [path for path in different if project.holds(path, before.get(path))]:
        raise Stopped(
            f"cruft says that it has updated the project, but did not change {listed(lost)}. "
            f"Take that back, and report it to the template:\n  {UNDO}"
        )


def conflicts(project: Project) -> Iterator[str]:
    """A line for each file with conflict markers."""
    for path in project.conflicts():
        yield f"{path}: your lines are after <<<<<<< ours, the template's before >>>>>>> theirs"


def places(rejects: list[str]) -> Iterator[str]:
    """A line for each file with a change that found no place."""
    for path in rejects:
        yield f"{path}: holds what did not fit into {path.rpartition('.')[0]}; delete it when done"


def check(project: Project) -> None:
    """The project's own checks, in an environment that follows the new pyproject.toml."""
    uv = shutil.which("uv")
    command = [uv, "run", "just", "check"] if uv else ["just", "check"]
    if not uv and shutil.which("just") is None:
        raise Stopped("the checks were not run: neither uv nor just is installed.")
    done = run(project.folder, command)
    if done.returncode:
        print(done.stdout + done.stderr)
        raise Stopped(
            "the update is in the files, but `uv run just check` fails, see above. Mend it "
            f"and commit, or take the update back:\n  {UNDO}"
        )
