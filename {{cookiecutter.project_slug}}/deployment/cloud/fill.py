"""Fills `${NAME}` in a cloud's manifests: `fill.py <folder> IMAGE=... MODEL_VERSION=3`.

Values come from the folder's `values.yaml` and from the command line, which wins. The filled
manifests are written below `outputs/cloud/`; while a value is missing, nothing is.
"""

import json
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).resolve().parent
FILLED = HERE.parents[1] / "outputs" / "cloud"
PLACE = re.compile(r"\$\{([A-Z][A-Z0-9_]*)\}")


class NotFilled(Exception):
    """Why the manifests cannot be filled, in a sentence."""


def main(arguments: Sequence[str]) -> int:
    """Fills the manifests of the folder that the first argument names; returns the exit code."""
    try:
        if not arguments:
            raise NotFilled("Say which folder below deployment/cloud/, then NAME=value.")
        folder, *given = arguments
        for path in fill(HERE / folder, read_given(given), FILLED / folder):
            print(path)
    except NotFilled as problem:
        print(f"error: {problem}", file=sys.stderr)
        return 2
    return 0


def fill(folder: Path, given: dict[str, str], target: Path) -> list[Path]:
    """Writes the folder's manifests, filled, to `target`; returns where they are.

    Raises NotFilled where a value is missing or a given name stands in no manifest.
    """
    manifests = {path.name: read(path) for path in manifests_of(folder)}
    named = {name for tree in manifests.values() for name in names_in(tree)}
    values = read_values(folder / "values.yaml") | given
    if unknown := sorted(given.keys() - named):
        raise NotFilled(f"{', '.join(unknown)}: expected {', '.join(sorted(named))}.")
    if missing := sorted(name for name in named if not values.get(name)):
        raise NotFilled(f"{folder.name}/values.yaml has no value for {', '.join(missing)}.")
    target.mkdir(parents=True, exist_ok=True)
    for name, tree in manifests.items():
        (target / name).write_text(written(name, filled(tree, values)), encoding="utf-8")
    return [target / name for name in manifests]


def manifests_of(folder: Path) -> list[Path]:
    """The folder's YAML and JSON files but `values.yaml`."""
    found = [*folder.glob("*.yaml"), *folder.glob("*.json")]
    if not found:
        raise NotFilled(f"'{folder}' holds no manifest.")
    return sorted(path for path in found if path.name != "values.yaml")


def read(manifest: Path) -> Any:
    """The manifest as a tree; YAML reads JSON, too."""
    return yaml.safe_load(manifest.read_text(encoding="utf-8"))


def read_values(path: Path) -> dict[str, str]:
    """Values by name, all of them text: an account's number keeps its leading zero."""
    # BaseLoader makes nothing but text, lists and mappings.
    tree = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader) or {}  # noqa: S506
    if not isinstance(tree, dict) or not all(isinstance(value, str) for value in tree.values()):
        raise NotFilled(f"'{path}' is not a list of lines like NAME: value.")
    return tree


def read_given(arguments: Sequence[str]) -> dict[str, str]:
    """NAME=value arguments by name."""
    pairs = [argument.partition("=") for argument in arguments]
    if wrong := [name for name, found, _ in pairs if not found]:
        raise NotFilled(f"'{wrong[0]}': expected NAME=value.")
    return {name: value for name, _, value in pairs}


def names_in(tree: Any) -> Iterator[str]:
    """Every NAME that is to be filled in, as often as it stands there."""
    if isinstance(tree, str):
        yield from PLACE.findall(tree)
    elif isinstance(tree, dict | list):
        for part in tree.values() if isinstance(tree, dict) else tree:
            yield from names_in(part)


def filled(tree: Any, values: dict[str, str]) -> Any:
    """The tree with every place filled in; what is no text stays as it is."""
    if isinstance(tree, str):
        return PLACE.sub(lambda place: values[place[1]], tree)
    if isinstance(tree, dict):
        return {key: filled(part, values) for key, part in tree.items()}
    return [filled(part, values) for part in tree] if isinstance(tree, list) else tree


def written(name: str, tree: Any) -> str:
    """The tree in the language of the file's name."""
    if name.endswith(".json"):
        return json.dumps(tree, indent=2) + "\n"
    return yaml.safe_dump(tree, sort_keys=False)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
