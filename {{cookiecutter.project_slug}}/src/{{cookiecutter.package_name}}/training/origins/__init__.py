"""More about where a run comes from: every module of this folder adds tags of its own.

A module has one function, `tags(root, data_name) -> dict[str, str]`: what it knows of the project
at `root` and of that prepared data set. What it does not know, it leaves out.
"""

import importlib
import pkgutil
from pathlib import Path


def tags_of(root: Path, data_name: str) -> dict[str, str]:
    """What all modules of this folder know, as tags for a run and its version."""
    known: dict[str, str] = {}
    for module in pkgutil.iter_modules(__path__):
        origin = importlib.import_module(f"{__name__}.{module.name}")
        known |= origin.tags(root, data_name)
    return known
