"""One alias moves from version to version, whole or not at all.

    1  the version's tag `intent` says what is about to happen
    2  the alias moves: from here on it has happened
    3  other aliases and tags follow, and the record of it

A process that is killed before 2 has changed nothing that anybody reads; one that is killed later
leaves an intent whose alias has moved, and the next move does what is missing first.
"""

from collections.abc import Mapping
from typing import TypeVar

from pydantic import ValidationError

from {{ cookiecutter.package_name }}.integrations.claims import Turn
from {{ cookiecutter.package_name }}.integrations.versions import LIFECYCLE_TAG, Snapshot
from {{ cookiecutter.package_name }}.schemas.errors import (
    ModelError,
    MoveRefused,
    TrackingUnavailable,
)
from {{ cookiecutter.package_name }}.schemas.history import Intent, Move
from {{ cookiecutter.package_name }}.schemas.lifecycle import aliases_after, displaced_to
from {{ cookiecutter.package_name }}.utils.words import counted

INTENT_TAG = "intent"

_Record = TypeVar("_Record", bound=Move)


def move(turn: Turn, wanted: Move, tags: Mapping[str, str]) -> None:
    """Let the alias name the version, tag it and read everything back.

    MoveRefused where the registry is not what the decision was made on; TrackingUnavailable
    where it went away, with what is known of how far it got.
    """
    repair(turn)
    _check_unchanged(turn.snapshot, wanted)
    intent = Intent(**wanted.model_dump(), tags=tags)
    try:
        turn.writer.tag(wanted.version, INTENT_TAG, intent.model_dump_json())
        turn.check()
        turn.writer.set_alias(wanted.to, wanted.version)
        _follow(turn, intent)
    except TrackingUnavailable as error:
        raise TrackingUnavailable(
            f"{error} The move of version {wanted.version} to {wanted.to} had begun: run the same "
            "command again; it finishes what was done, or starts over."
        ) from error
    _read_back(turn, wanted)


def repair(turn: Turn) -> list[Move]:
    """Finish, or forget, what processes that ended in the middle had begun; what was finished."""
    finished = []
    for number, version in turn.snapshot.versions.items():
        if (text := version.tags.get(INTENT_TAG)) is None:
            continue
        begun = parsed(text, number, INTENT_TAG, Intent)
        if has_happened(turn.snapshot, begun):
            _follow(turn, begun)
            finished.append(begun.move)
        else:
            turn.writer.untag(number, INTENT_TAG)
    if finished:
        turn.read()
    return finished


def has_happened(snapshot: Snapshot, begun: Move) -> bool:
    """Whether a move that was not ended got as far as its alias."""
    return snapshot.aliases.get(begun.to) == begun.version


def parsed(text: str, number: str, key: str, kind: type[_Record]) -> _Record:
    """The record in a tag; ModelError where it is something else."""
    try:
        return kind.model_validate_json(text)
    except ValidationError as error:
        raise ModelError(
            f"Tag '{key}' of version {number} is no record of a move "
            f"({counted(error.error_count(), 'error')}): somebody changed it; correct it in "
            "MLflow, or delete it there."
        ) from error


def _follow(turn: Turn, done: Intent) -> None:
    """Everything that follows from the alias; may be repeated from any point."""
    number = done.version
    former = done.former if done.former in turn.snapshot.versions else None  # it may be deleted
    present = {**turn.snapshot.aliases, done.to: number}
    for alias, held in aliases_after(present, number, done.to, former).items():
        turn.check()
        if held is None:
            turn.writer.delete_alias(alias)
        else:
            turn.writer.set_alias(alias, held)
    texts = {**done.tags, done.tag: done.move.model_dump_json(), LIFECYCLE_TAG: done.to}
    for key, value in texts.items():
        if turn.snapshot.versions[number].tags.get(key) != value:
            turn.check()
            turn.writer.tag(number, key, value)
    if former is not None and former != number:
        turn.check()
        turn.writer.tag(former, LIFECYCLE_TAG, displaced_to(done.to))
    turn.check()
    turn.writer.untag(number, INTENT_TAG)


def _check_unchanged(snapshot: Snapshot, wanted: Move) -> None:
    held = snapshot.aliases.get(wanted.to)
    if held != wanted.former:
        raise MoveRefused(
            f"{wanted.to} names {_words(held)} now, and {_words(wanted.former)} when this was "
            "decided: somebody moved it meanwhile; run this again to decide anew."
        )
    state = snapshot.version(wanted.version).state
    if state != wanted.source:
        raise MoveRefused(
            f"Version {wanted.version} is {state} now, and was {wanted.source} when this was "
            "decided: somebody moved it meanwhile; run this again to decide anew."
        )


def _words(version: str | None) -> str:
    return f"version {version}" if version else "no version"


def _read_back(turn: Turn, wanted: Move) -> None:
    """Look whether the registry is now what was wanted."""
    try:
        turn.read()
    except TrackingUnavailable as error:
        raise TrackingUnavailable(
            f"{error} {wanted.to} names version {wanted.version} now, and the move is complete: "
            "only reading it back failed; there is nothing to run again."
        ) from error
    held = turn.snapshot.aliases.get(wanted.to)
    stored = turn.snapshot.version(wanted.version)
    if held != wanted.version or stored.tags.get(wanted.tag) != wanted.model_dump_json():
        raise TrackingUnavailable(
            f"{wanted.to} was set to version {wanted.version} but names {_words(held)}: somebody "
            "moved it by other means at the same moment. Look at both, then run this again."
        )
    _restore_dev(turn, wanted)


def _restore_dev(turn: Turn, moved: Move) -> None:
    """A training that ended while `dev` was taken from the moved version gets it back."""
    if "dev" in turn.snapshot.aliases or moved.source != "dev":
        return
    newest = turn.snapshot.versions[max(turn.snapshot.versions, key=int)]
    if int(newest.version) > int(moved.version) and newest.state == "registered":
        turn.writer.set_alias("dev", newest.version)
        turn.read()
