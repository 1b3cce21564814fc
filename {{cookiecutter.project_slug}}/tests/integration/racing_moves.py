"""Several processes that move one alias at the same moment: `python racing_moves.py URI TO N…`.

Prints a line for each: the version and how it went. They are copies of one process, which
has imported MLflow before any begins.
"""

import os
import sys

from killed_moves import wanted

from {{ cookiecutter.package_name }} import PROJECT
from {{ cookiecutter.package_name }}.integrations.claims import turn
from {{ cookiecutter.package_name }}.integrations.moving import move
from {{ cookiecutter.package_name }}.integrations.registry import Registry
from {{ cookiecutter.package_name }}.integrations.registry_writer import RegistryWriter
from {{ cookiecutter.package_name }}.schemas.errors import ProjectError


def one(uri: str, to: str, version: str, ready: int, go: int) -> str:
    """Decide, wait for the others, move; what came of it."""
    registry = Registry(PROJECT, uri)
    decided = wanted(registry, to, version)
    os.write(ready, b".")
    os.read(go, 1)
    try:
        with turn(RegistryWriter(registry), f"version {version} to {to}", f"p{version}") as mine:
            move(mine, decided, {})
    except ProjectError as error:
        return f"{version} {type(error).__name__} {error}"
    return f"{version} moved"


def main(uri: str, to: str, versions: list[str]) -> None:
    """Start all of them, let go, and wait."""
    import mlflow.store.model_registry.rest_store
    import mlflow.tracking  # noqa: F401 - once for all copies

    (ready, tell_ready), (go, let_go) = os.pipe(), os.pipe()
    children = []
    for version in versions:
        if (child := os.fork()) == 0:
            print(one(uri, to, version, tell_ready, go), flush=True)
            os._exit(0)
        children.append(child)
    for _ in versions:
        os.read(ready, 1)
    os.write(let_go, b"." * len(versions))
    for child in children:
        os.waitpid(child, 0)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
