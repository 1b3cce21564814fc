"""Where things are, whatever the working directory."""

import os
from pathlib import Path


def _holds_project(folder: Path) -> bool:
    return (folder / "pyproject.toml").is_file() and (folder / "config").is_dir()


def project_root() -> Path:
    """The folder that holds `pyproject.toml` and `config/`.

    `PROJECT_ROOT` wins; then the checkout that this file lies in; then the nearest folder
    above the working directory that looks like one; then the working directory itself, which
    is what a container that has only the wheel uses.

    Raises NotADirectoryError where `PROJECT_ROOT` is not a folder.
    """
    if stated := os.environ.get("PROJECT_ROOT"):
        root = Path(stated).expanduser()
        if not root.is_dir():
            raise NotADirectoryError(f"PROJECT_ROOT is '{stated}', which is not a folder.")
        return root.resolve()
    here, working = Path(__file__).resolve(), Path.cwd().resolve()
    for folder in (*here.parents, working, *working.parents):
        if _holds_project(folder):
            return folder
    return working


def config_dir() -> Path:
    """The Hydra configuration tree of the project."""
    return project_root() / "config"


def processed_dir(data_name: str) -> Path:
    """Folder of one prepared data set."""
    return project_root() / "data" / "processed" / data_name


def shown(path: Path) -> str:
    """A path as people type it: relative to the working directory where it lies below it."""
    working = Path.cwd().resolve()
    resolved = path.resolve()
    return str(resolved.relative_to(working)) if resolved.is_relative_to(working) else str(resolved)
