"""Takes what is new in the template, and adds or removes optional components.

    python tools/template upgrade [vX.Y.Z]
    python tools/template feature
    python tools/template feature add|remove NAME [question=answer ...]

Each is one `cruft update` of a clean work tree, looked at afterwards: a conflict, a change that
found no place or a failing check ends with exit code 1 and says what to do. More is in
docs/how-to/take-a-newer-template.md.
"""

import argparse
import io
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from components import chosen, components, further, without
from programs import Stopped
from project import RECORD, Project
from source import Template
from update import UNDO, Outcome, Wish, check, update

VERBS = ("add", "remove")


def main(arguments: Sequence[str]) -> int:
    """The exit code: 0 when the project is as asked for, else 1."""
    options = parsed(arguments)
    project = Project(Path(__file__).resolve().parents[2])
    try:
        if options.command == "feature" and options.verb is None:
            show(project)
            return 0
        if options.command == "feature":  # what needs no template is told before it is fetched
            chosen(components(project.context.get("__features", ())), options.name)
        project.refuse_half_done()
        with tempfile.TemporaryDirectory(prefix="template-", ignore_cleanup_errors=True) as scratch:
            template = Template.fetched(project.record, Path(scratch))
            wish = (upgrade if options.command == "upgrade" else feature)(
                project, template, options
            )
            if wish is None:
                return 0
            project.refuse_unless_clean()
            announce(project, template, wish)
            report(update(project, template, wish, Path(scratch)))
        finish(project, wish, options)
    except Stopped as reason:
        print(f"error: {reason}", file=sys.stderr)
        return 1
    return 0


def parsed(arguments: Sequence[str]) -> argparse.Namespace:
    """The options of the command line."""
    parser = argparse.ArgumentParser(
        prog="uv run just", description="The template behind the project."
    )
    commands = parser.add_subparsers(dest="command", required=True)
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument(
        "--no-check", action="store_true", help="leave out the check, which takes minutes"
    )
    up = commands.add_parser("upgrade", parents=[common], help="take a newer template")
    up.add_argument("reference", nargs="?", help="a tag, branch or commit; else the newest vX.Y.Z")
    one = commands.add_parser("feature", help="list, add, remove components")
    verbs = one.add_subparsers(dest="verb")
    for verb in VERBS:
        change = verbs.add_parser(verb, parents=[common], help=f"{verb} a component")
        change.add_argument("name", metavar="NAME", help="as `feature` lists it")
        change.add_argument(
            "answers", nargs="*", default=[], metavar="question=answer", help="further answers"
        )
    words = [text for text in arguments if not text.startswith("-")]
    if words[:1] == ["feature"] and words[1:] and words[1] not in VERBS:
        one.error(f"{words[1]!r} should be add or remove, and the component's name after it.")
    options, rest = parser.parse_known_args(arguments)
    if rest and ("answers" not in options or any(text.startswith("-") for text in rest)):
        parser.error(f"unrecognized arguments: {' '.join(rest)}")
    if rest:  # argparse takes no more answers once it has met an option
        options.answers = [*options.answers, *rest]
    return options


def show(project: Project) -> None:
    """A line for each component."""
    known = components(project.context.get("__features", ()))
    width = max((len(component.name) for component in known), default=0)
    for component in known:
        state = "on " if component.is_on(project.answers) else "off"
        print(f"{state}  {component.name:{width}}  {component.key}")
    print("\n`uv run just feature add NAME` and `uv run just feature remove NAME` change it.")


def upgrade(project: Project, template: Template, options: argparse.Namespace) -> Wish | None:
    """The version to have; None where the project has it, or is further."""
    present = project.record["commit"]
    template.commit_of(present)
    reference = options.reference or template.newest_release()
    commit = template.commit_of(reference)
    if commit == present:
        print(f"The project is at {reference} already.")
        return None
    if options.reference is None and template.is_older(commit, present):
        print(f"The project is further than the newest release, {reference}.")
        return None
    return Wish(reference, {})


def feature(project: Project, template: Template, options: argparse.Namespace) -> Wish | None:
    """The answers to change at the present version; None where all is so already."""
    commit = project.record["commit"]
    questions = template.questions(template.commit_of(commit))
    known = components(project.context.get("__features", ()))
    component = chosen(known, options.name)
    answers: dict[str, Any] = {**further(options.answers, questions)}
    wanted = options.verb == "add"
    if component.is_on(project.answers) is wanted and not answers:
        print(f"{component.name} is {'on' if wanted else 'off'} already.")
        return None
    if wanted or component.is_on(project.answers):
        answers[component.question] = component.answer if wanted else without(component, questions)
    return Wish(commit, answers)


def announce(project: Project, template: Template, wish: Wish) -> None:
    """What is about to be done."""
    if not wish.answers:
        print(f"Taking {wish.checkout} of {template.url} ...")
    for question, answer in wish.answers.items():
        print(f"{question}: {project.answers.get(question)} -> {answer}")


def report(outcome: Outcome) -> None:
    """What the update did to the files, and what it had to leave out."""
    for path in outcome.changed:
        print(f"  {path}")
    print(f"{len(outcome.changed)} file(s) changed. Look at them: git diff HEAD")
    for path in outcome.deleted_here:
        print(f"note: {path} is different or new in the template, but was deleted or moved here")


def finish(project: Project, wish: Wish, options: argparse.Namespace) -> None:
    """What is left for the person who asked, then the checks: they take long, and may fail."""
    print("Next:")
    if options.command == "upgrade":
        url = project.record["template"]
        print(f"  read 'Migration' in CHANGELOG.md of {url} at {wish.checkout}")
    print("  uv sync                  # locks and installs what pyproject.toml asks for now")
    if options.command == "upgrade" or options.verb == "add":
        print("  uv run just bootstrap    # sets up what is new and needs it")
    print(f"  git add --all; git commit -m 'Follow the template'   # with uv.lock and {RECORD}")
    print(f"Or take it back:\n  {UNDO}")
    if not options.no_check:
        print("Running `uv run just check`, which takes minutes (`--no-check` leaves it out) ...")
        check(project)
        print("The checks pass.")


if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a console that cannot show every name
            stream.reconfigure(line_buffering=True, errors="replace")
    sys.exit(main(sys.argv[1:]))
