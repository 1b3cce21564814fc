"""All moves of a registered model, the oldest first."""

from collections.abc import Iterator
from contextlib import suppress

from {{ cookiecutter.package_name }}.integrations.moving import INTENT_TAG, parsed
from {{ cookiecutter.package_name }}.integrations.versions import Snapshot
from {{ cookiecutter.package_name }}.schemas.errors import ModelError
from {{ cookiecutter.package_name }}.schemas.history import TAG_PREFIX, Move


def moves_of(snapshot: Snapshot) -> list[Move]:
    """The records in the versions' tags; ModelError where one is something else."""
    return _in_order([parsed(*record, Move) for record in _records(snapshot)])


def readable_moves(snapshot: Snapshot) -> list[Move]:
    """The records that are whole: enough for what does not need every one."""
    found = []
    for record in _records(snapshot):
        with suppress(ModelError):
            found.append(parsed(*record, Move))
    return _in_order(found)


def unreadable(snapshot: Snapshot) -> list[str]:
    """A sentence for each record that is none."""
    told = []
    for record in _records(snapshot):
        try:
            parsed(*record, Move)
        except ModelError as error:
            told.append(str(error))
    return told


def unfinished(snapshot: Snapshot) -> list[Move]:
    """Moves that were begun and not ended: their process goes on, or was killed."""
    return [
        parsed(version.tags[INTENT_TAG], number, INTENT_TAG, Move)
        for number, version in snapshot.versions.items()
        if INTENT_TAG in version.tags
    ]


def _records(snapshot: Snapshot) -> Iterator[tuple[str, str, str]]:
    """Value, version and name of each tag that keeps a move."""
    for number, version in snapshot.versions.items():
        for key, value in version.tags.items():
            if key.startswith(TAG_PREFIX):
                yield value, number, key


def _in_order(moves: list[Move]) -> list[Move]:
    return sorted(moves, key=lambda move: move.at)
