"""Moves that are killed before each of their calls, each in a copy of one store.

`python killed_moves.py STORE FOLDER TO VERSION` prints a line of JSON for each call: what was about
to be called, the registry as it was left, and as the next move found it after repairing. Copies of
this process do it, so that MLflow is imported once.
"""

import json
import os
import shutil
import signal
import sys
import traceback
from datetime import UTC, datetime
from pathlib import Path

from {{ cookiecutter.package_name }} import PROJECT
from {{ cookiecutter.package_name }}.integrations.claims import turn
from {{ cookiecutter.package_name }}.integrations.move_history import moves_of, unfinished
from {{ cookiecutter.package_name }}.integrations.moving import move, repair
from {{ cookiecutter.package_name }}.integrations.registry import Registry
from {{ cookiecutter.package_name }}.integrations.registry_writer import RegistryWriter
from {{ cookiecutter.package_name }}.schemas.history import Move

_CALLS = ("set_alias", "delete_alias", "tag", "untag", "tag_model", "untag_model")


def wanted(registry: Registry, to: str, version: str) -> Move:
    """The move, as a promotion or a rollback would want it."""
    now = registry.snapshot()
    source = now.version(version).state
    return Move(
        id="1",
        verb="rollback" if source == "archived" else "promote",
        version=version,
        source=source,
        to=to,
        at=datetime.now(UTC),
        by="ada",
        former=now.aliases.get(to),
    )


class Killing(RegistryWriter):
    """Ends its process before call number `last`."""

    def __init__(self, registry: Registry, last: int, told: int) -> None:
        super().__init__(registry)
        left = iter(range(last, -1, -1))
        for name in _CALLS:
            setattr(self, name, self._killing(name, getattr(self, name), left, told))

    @staticmethod
    def _killing(name, call, left, told):
        def called(*arguments):
            if next(left) == 0:
                os.write(told, f"{name} {' '.join(arguments)[:60]}".encode())
                os.kill(os.getpid(), signal.SIGKILL)
            call(*arguments)

        return called


def seen(registry: Registry) -> dict[str, object]:
    """What people and services see, and what is left of the work."""
    now = registry.snapshot()
    return {
        "aliases": dict(now.aliases),
        "states": {number: version.state for number, version in sorted(now.versions.items())},
        "tags": {number: v.tags["lifecycle"] for number, v in sorted(now.versions.items())},
        "moves": [f"{one.version} to {one.to}" for one in moves_of(now)],
        "left": len(unfinished(now)) + len(now.tags),
    }


def in_a_copy(work) -> bytes:
    """What a copy of this process wrote before it ended, or was killed."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        try:
            work(writing)
        except BaseException:
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as stream:
        said = stream.read()
    _, status = os.waitpid(child, 0)
    if os.waitstatus_to_exitcode(status) not in (0, -signal.SIGKILL):
        sys.exit("a copy failed: see above")
    return said


def main(store: Path, folder: Path, to: str, version: str) -> None:
    """Kill before call 0, 1, 2, … until a move is not killed any more."""
    import mlflow.store.model_registry.sqlalchemy_store
    import mlflow.tracking  # noqa: F401 - once for all copies

    for last in range(100):
        copy = folder / f"{last}.db"
        shutil.copy(store, copy)
        uri = f"sqlite:///{copy}"

        def killed(told: int, uri: str = uri, last: int = last) -> None:
            registry = Registry(PROJECT, uri)
            with turn(Killing(registry, last, told), "killed", "ada") as mine:
                move(mine, wanted(registry, to, version), {})

        def next_one(told: int, uri: str = uri) -> None:
            registry = Registry(PROJECT, uri)
            report = {"left_behind": seen(registry)}
            with turn(RegistryWriter(registry), "next", "bob") as mine:
                repair(mine)
            os.write(told, json.dumps(report | {"repaired": seen(registry)}).encode())

        before = in_a_copy(killed).decode()
        print(json.dumps({"before": before, **json.loads(in_a_copy(next_one))}), flush=True)
        if not before:
            return


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], sys.argv[4])
