"""What `promote` and `rollback` share: who, when, and what an interrupted move left behind."""

from datetime import UTC, datetime, timedelta

from {{ cookiecutter.package_name }}.cli._who import Who, who
from {{ cookiecutter.package_name }}.integrations.claims import turn
from {{ cookiecutter.package_name }}.integrations.move_history import moves_of, unfinished
from {{ cookiecutter.package_name }}.integrations.moving import repair
from {{ cookiecutter.package_name }}.integrations.registry import Registry
from {{ cookiecutter.package_name }}.integrations.registry_writer import RegistryWriter
from {{ cookiecutter.package_name }}.integrations.versions import Snapshot
from {{ cookiecutter.package_name }}.schemas.history import Move
from {{ cookiecutter.package_name }}.schemas.lifecycle import aliases_after


def named(by: str) -> Who:
    """Who was named, or else whom CI, git or the system knows."""
    known = who()
    return Who(by or known.by, known.run)


def settled(registry: Registry, by: str) -> Snapshot:
    """The registry, after what a killed process had begun was finished or forgotten.

    MoveRefused where that process may still live.
    """
    snapshot = registry.snapshot()
    if not unfinished(snapshot):
        return snapshot
    with turn(RegistryWriter(registry), "finishing an interrupted move", by) as mine:
        for done in repair(mine):
            print(f"finished an interrupted move: version {done.version} to {done.to}")
        return mine.writer.registry.snapshot()


def next_moment(snapshot: Snapshot) -> datetime:
    """Now, or just after the last move where that machine's clock is ahead of this one's."""
    last = max((one.at for one in moves_of(snapshot)), default=None)
    now = datetime.now(UTC)
    return now if last is None or last < now else last + timedelta(microseconds=1)


def tell_what_would_happen(snapshot: Snapshot, wanted: Move) -> None:
    """Print what each alias would name."""
    changes = aliases_after(snapshot.aliases, wanted.version, wanted.to, wanted.former)
    print("dry run, nothing changed; this would happen:")
    for alias, held in sorted(changes.items()):
        now = snapshot.aliases.get(alias)
        print(f"  {alias}: {_words(now)} -> {_words(held)}")


def _words(version: str | None) -> str:
    return f"version {version}" if version else "none"
