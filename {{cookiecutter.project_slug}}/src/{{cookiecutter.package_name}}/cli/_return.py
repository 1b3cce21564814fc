"""How `prod` goes back: state, the file itself, and then the alias. Nothing is measured."""

from secrets import token_hex

from {{ cookiecutter.package_name }} import PROJECT
from {{ cookiecutter.package_name }}.cli._moves import (
    named,
    next_moment,
    settled,
    tell_what_would_happen,
)
from {{ cookiecutter.package_name }}.integrations.claims import turn
from {{ cookiecutter.package_name }}.integrations.model_store import fetch_file
from {{ cookiecutter.package_name }}.integrations.move_history import moves_of
from {{ cookiecutter.package_name }}.integrations.moving import move
from {{ cookiecutter.package_name }}.integrations.registry import Registry
from {{ cookiecutter.package_name }}.integrations.registry_writer import RegistryWriter
from {{ cookiecutter.package_name }}.integrations.versions import Snapshot, VersionInfo
from {{ cookiecutter.package_name }}.schemas.errors import ModelNotFound, MoveRefused
from {{ cookiecutter.package_name }}.schemas.history import Move, predecessor
from {{ cookiecutter.package_name }}.schemas.lifecycle import why_not


def rollback(number: str | None, by: str, reason: str, *, dry_run: bool) -> int:
    """Let `prod` name this archived version, or the one before the present; the exit code."""
    registry, person = Registry(PROJECT), named(by)
    snapshot = settled(registry, person.by)
    version = _target(snapshot, number)
    if why := why_not("rollback", version.state, "prod", version.version):
        raise MoveRefused(f"prod cannot go back to version {version.version}: {why}.")
    fetch_file(registry, version)  # a version whose file is gone would serve nobody
    wanted = Move(
        id=token_hex(4),
        verb="rollback",
        version=version.version,
        source=version.state,
        to="prod",
        at=next_moment(snapshot),
        by=person.by,
        run=person.run,
        reason=reason,
        former=snapshot.aliases.get("prod"),
    )
    if dry_run:
        tell_what_would_happen(snapshot, wanted)
        return 0
    with turn(
        RegistryWriter(registry), f"prod back to version {wanted.version}", person.by
    ) as mine:
        move(mine, wanted, {})
    left = f"version {wanted.former} is archived" if wanted.former else "nothing served before"
    print(f"prod names version {wanted.version} again; {left}")
    return 0


def _target(snapshot: Snapshot, number: str | None) -> VersionInfo:
    if number is not None:
        return snapshot.version(number)
    present = snapshot.aliases.get("prod")
    former = predecessor(moves_of(snapshot), present)
    if former is None:
        serving = f"version {present} is the first that served" if present else "nothing serves yet"
        raise ModelNotFound(
            f"There is no version to go back to: {serving}; --to-version N names any archived one."
        )
    return snapshot.version(former)
