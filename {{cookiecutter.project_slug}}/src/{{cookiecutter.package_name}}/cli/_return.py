"""How `prod` goes back: state, the file itself, and then the alias. Nothing is measured."""

from secrets import token_hex

from {{ cookiecutter.package_name }} import PROJECT
from {{ cookiecutter.package_name }}.cli._differences import tell_differences
from {{ cookiecutter.package_name }}.cli._moves import (
    named,
    next_moment,
    settled,
    tell_what_would_happen,
)
from {{ cookiecutter.package_name }}.integrations.claims import turn
from {{ cookiecutter.package_name }}.integrations.model_store import check_stored, fetch_file
from {{ cookiecutter.package_name }}.integrations.move_history import (
    moves_of,
    readable_moves,
)
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
    snapshot, finished = settled(registry, person.by, dry_run=dry_run)
    if said := _done_already(snapshot, finished, number, person.run):
        print(said)
        return 0
    version = _target(snapshot, number)
    if why := why_not("rollback", version.state, "prod", version.version):
        raise MoveRefused(f"prod cannot go back to version {version.version}: {why}.")
    model = fetch_file(registry, version)  # a version whose file is gone would serve nobody,
    check_stored(registry, version)  # though this machine may have it from before
    tell_differences(registry, snapshot, version, model)
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
    left = f"version {wanted.former} is archived" if wanted.former else "it named none before"
    print(f"prod names version {wanted.version} again; {left}")
    return 0


def _done_already(
    snapshot: Snapshot, finished: list[Move], number: str | None, run: str
) -> str | None:
    """What to say where this very rollback was done before; None where it was not.

    Done again it would go one version further: an interrupted one that was just finished, and a
    run of CI that somebody starts again.
    """
    present = snapshot.aliases.get("prod")
    if present is None or number not in (None, present):
        return None
    if any(one.verb == "rollback" and one.version == present for one in finished):
        return f"prod names version {present} again"
    to_prod = [one for one in readable_moves(snapshot) if one.to == "prod"]
    last = to_prod[-1] if to_prod else None
    if last and last.verb == "rollback" and last.version == present and run and last.run == run:
        return f"prod names version {present} since this run's first rollback; nothing changed"
    return None


def _target(snapshot: Snapshot, number: str | None) -> VersionInfo:
    if number is not None:
        return snapshot.version(number)
    present = snapshot.aliases.get("prod")
    former = predecessor(moves_of(snapshot), present, snapshot.versions)
    if former is None:
        raise ModelNotFound(_nothing(snapshot, present))
    return snapshot.version(former)


def _nothing(snapshot: Snapshot, present: str | None) -> str:
    serving = f"version {present} is the first that served" if present else "nothing serves yet"
    archived = [one for one, found in snapshot.versions.items() if found.state == "archived"]
    numbers = ", ".join(sorted(archived, key=int))
    remedy = f"; --to-version N names an archived one ({numbers})" if archived else ""
    return f"There is no version to go back to: {serving}{remedy}."
