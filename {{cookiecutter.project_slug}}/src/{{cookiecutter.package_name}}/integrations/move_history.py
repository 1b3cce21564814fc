"""All moves of a registered model, the oldest first."""

from {{ cookiecutter.package_name }}.integrations.moving import INTENT_TAG, parsed
from {{ cookiecutter.package_name }}.integrations.versions import Snapshot
from {{ cookiecutter.package_name }}.schemas.history import TAG_PREFIX, Move


def moves_of(snapshot: Snapshot) -> list[Move]:
    """The records in the versions' tags; ModelError where one is something else."""
    found = [
        parsed(value, number, key)
        for number, version in snapshot.versions.items()
        for key, value in version.tags.items()
        if key.startswith(TAG_PREFIX)
    ]
    return sorted(found, key=lambda move: move.at)


def unfinished(snapshot: Snapshot) -> list[Move]:
    """Moves that were begun and not ended: their process goes on, or was killed."""
    return [
        parsed(version.tags[INTENT_TAG], number, INTENT_TAG)
        for number, version in snapshot.versions.items()
        if INTENT_TAG in version.tags
    ]
