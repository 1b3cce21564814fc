"""More about where a run comes from, and the way back there: each module of this folder knows one.

A module has the three parts of `Origin`. Without any module all of this is empty, and `prepare`
is the way back to the data.
"""

import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Protocol, cast


class Origin(Protocol):
    """What a module of this folder offers."""

    WRITES: tuple[str, ...]
    """Files of the project that are not code: written before a training begins, committed after."""

    def tags(self, root: Path, data_name: str) -> dict[str, str]:
        """What it knows of the project at `root` and of that prepared data set; maybe nothing."""
        ...

    def bring_back(self, project: Path, copy: Path, tags: Mapping[str, str]) -> str | None:
        """Put the data of these tags into `copy`, a checkout of `project`: from where, in words.

        None where the tags are not its own. DataNotFound where the data are nowhere any more.
        """
        ...


def _known() -> Iterator[Origin]:
    for module in pkgutil.iter_modules(__path__):
        yield cast("Origin", importlib.import_module(f"{__name__}.{module.name}"))


def tags_of(root: Path, data_name: str) -> dict[str, str]:
    """What all modules of this folder know, as tags for a run and its version."""
    found: dict[str, str] = {}
    for origin in _known():
        found |= origin.tags(root, data_name)
    return found


def written_by_origins() -> tuple[str, ...]:
    """Files whose change does not mean that the code was changed; relative to the project."""
    return tuple(file for origin in _known() for file in origin.WRITES)


def brought_back(project: Path, copy: Path, tags: Mapping[str, str]) -> str | None:
    """Where the data of these tags came from, now that they are in `copy`; None: from nowhere."""
    for origin in _known():
        if found := origin.bring_back(project, copy, tags):
            return found
    return None
