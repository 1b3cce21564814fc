"""What `promote` and `rollback` share: who, when, and what an interrupted move left behind."""

import sys
from datetime import UTC, datetime, timedelta

from {{ cookiecutter.package_name }}.cli._who import Who, who
from {{ cookiecutter.package_name }}.integrations.claims import turn
from {{ cookiecutter.package_name }}.integrations.move_history import (
    readable_moves,
    unfinished,
    unreadable,
)
from {{ cookiecutter.package_name }}.integrations.moving import has_happened, repair
from {{ cookiecutter.package_name }}.integrations.registry import Registry
from {{ cookiecutter.package_name }}.integrations.registry_writer import RegistryWriter
from {{ cookiecutter.package_name }}.integrations.versions import Snapshot
from {{ cookiecutter.package_name }}.schemas.history import Move
from {{ cookiecutter.package_name }}.schemas.lifecycle import aliases_after


def named(by: str) -> Who:
    """Who was named, or else whom CI, git or the system knows."""
    known = who()
    return Who(by or known.by, known.run)


def settled(registry: Registry, by: str, *, dry_run: bool) -> tuple[Snapshot, list[Move]]:
    """The registry, after what a killed process had begun was finished or forgotten; the finished.

    A dry run tells of these and changes nothing. MoveRefused where that process may still live.
    """
    snapshot = registry.snapshot()
    begun = unfinished(snapshot)
    if not begun:
        return snapshot, []
    if dry_run:
        for one in begun:
            end = "finished" if has_happened(snapshot, one) else "forgotten"
            print(f"interrupted, to be {end} first: version {one.version} to {one.to}")
        return snapshot, [one for one in begun if has_happened(snapshot, one)]
    with turn(RegistryWriter(registry), "finishing an interrupted move", by) as mine:
        finished = repair(mine)
        for done in finished:
            print(f"finished an interrupted move: version {done.version} to {done.to}")
        return mine.read(), finished


def next_moment(snapshot: Snapshot) -> datetime:
    """Now, or just after the last move where that machine's clock is ahead of this one's.

    Records that cannot be read have no moment: each is told as a warning.
    """
    for sentence in unreadable(snapshot):
        print(f"warning: {sentence}", file=sys.stderr)
    last = max((one.at for one in readable_moves(snapshot)), default=None)
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
