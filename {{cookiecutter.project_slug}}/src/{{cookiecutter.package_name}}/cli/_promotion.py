"""How a promotion goes: state, approval, gate, and only then the alias."""

from secrets import token_hex
from typing import TYPE_CHECKING

from {{ cookiecutter.package_name }} import PROJECT
from {{ cookiecutter.package_name }}.cli import _approvals
from {{ cookiecutter.package_name }}.cli._moves import (
    named,
    next_moment,
    settled,
    tell_what_would_happen,
)
from {{ cookiecutter.package_name }}.cli._rules import table
from {{ cookiecutter.package_name }}.cli._who import Who
from {{ cookiecutter.package_name }}.evaluation.rules import listed
from {{ cookiecutter.package_name }}.integrations.claims import turn
from {{ cookiecutter.package_name }}.integrations.move_history import readable_moves
from {{ cookiecutter.package_name }}.integrations.moving import move
from {{ cookiecutter.package_name }}.integrations.registry import Registry
from {{ cookiecutter.package_name }}.integrations.registry_writer import RegistryWriter
from {{ cookiecutter.package_name }}.integrations.versions import Snapshot, VersionInfo
from {{ cookiecutter.package_name }}.schemas.errors import GateRefused, MoveRefused
from {{ cookiecutter.package_name }}.schemas.history import Approval, Move, RuleRecord
from {{ cookiecutter.package_name }}.schemas.lifecycle import Target, why_not
from {{ cookiecutter.package_name }}.utils.words import counted

if TYPE_CHECKING:
    from {{ cookiecutter.package_name }}.cli._gating import Gated
    from {{ cookiecutter.package_name }}.evaluation.rules import RuleResult


def promote(
    *, to: Target, reference: str, by: str, reason: str, compared: bool, dry_run: bool
) -> int:
    """Move `to` to the version that a number or an alias names, or refuse; the exit code."""
    from {{ cookiecutter.package_name }}.cli._gating import gate
    from {{ cookiecutter.package_name }}.evaluation.gate_file import gate_path, read_promotion

    promotion = read_promotion(gate_path())
    registry, person = Registry(PROJECT), named(by)
    snapshot, _ = settled(registry, person.by, dry_run=dry_run)
    _check_still_there(snapshot, reference, to)
    version = snapshot.version(reference)
    if version.state == to:
        print(f"{to} already names version {version.version}; nothing changed")
        return 0
    _check_state(version, to)
    asked = promotion.require_approval and to == "prod"
    approval = _approvals.require(version) if asked else None
    present = snapshot.versions.get(snapshot.aliases.get("prod", ""))
    gated = gate(registry, version, present, promotion, compared=compared)
    _tell(version, present, gated)
    _refuse_broken(gated, version, to)
    wanted = _wanted(snapshot, version, to, person, reason, gated, approval)
    if dry_run:
        tell_what_would_happen(snapshot, wanted)
        return 0
    with turn(RegistryWriter(registry), f"version {version.version} to {to}", wanted.by) as mine:
        move(mine, wanted, gated.test_tags)
    former = f"version {wanted.former}" if wanted.former else "none"
    print(f"{to} names version {version.version} now (before: {former})")
    return 0


def approve(number: str, by: str, reason: str) -> int:
    """Record an approval; the exit code."""
    approval, former = _approvals.approve(Registry(PROJECT), number, named(by), reason)
    why = f": {reason}" if reason else ""
    print(f"version {number} is approved by {approval.by} (SHA-256 {approval.sha256[:12]}…){why}")
    if former is not None:
        before = f", who said: {former.reason}" if former.reason else ""
        when = f"{former.at:%Y-%m-%d %H:%M} UTC"
        print(f"this replaces the approval of {when} by {former.by}{before}")
    return 0


def show_history() -> int:
    """Print all moves, and draw them; the exit code."""
    from {{ cookiecutter.package_name }}.cli._history import show

    return show(Registry(PROJECT).snapshot())


def _check_still_there(snapshot: Snapshot, reference: str, to: Target) -> None:
    """MoveRefused where the alias names nothing because its version went where this one should."""
    moves, held = readable_moves(snapshot), snapshot.aliases.get(to)
    if reference in snapshot.aliases or not moves:
        return
    last = moves[-1]
    if (last.source, last.to, last.version) == (reference, to, held):
        raise MoveRefused(
            f"No version is in {reference}: version {held} was moved from there to {to} at "
            f"{last.at:%Y-%m-%d %H:%M:%S} UTC by {last.by}; `promote --to {reference}` puts "
            "another one there."
        )


def _check_state(version: VersionInfo, to: Target) -> None:
    number = version.version
    if version.tags.get("debug") == "true":
        raise MoveRefused(
            f"Version {number} was trained with debug=true, which marks what nobody should promote."
        )
    if why := why_not("promote", version.state, to, number):
        raise MoveRefused(f"Version {number} cannot go from {version.state} to {to}: {why}.")


def _tell(version: VersionInfo, present: VersionInfo | None, gated: "Gated") -> None:
    against = ""
    if present is not None and not gated.not_compared:
        against = f", against version {present.version} in prod"
    rows, name = gated.result.rows, gated.manifest.name
    print(f"version {version.version}, {counted(rows, 'test row')} of {name}{against}")
    if gated.not_compared:
        print(f"{gated.not_compared}: not compared")
    print(table(gated.decision.rules))
    for line in gated.decision.left_out:
        print(f"  {line}")


def _refuse_broken(gated: "Gated", version: VersionInfo, to: Target) -> None:
    if not gated.decision.passed:
        why = listed(gated.decision.broken)
        raise GateRefused(f"Version {version.version} was not promoted to {to}: {why}.")


def _wanted(
    snapshot: Snapshot,
    version: VersionInfo,
    to: Target,
    person: Who,
    reason: str,
    gated: "Gated",
    approval: Approval | None,
) -> Move:
    return Move(
        id=token_hex(4),
        verb="promote",
        version=version.version,
        source=version.state,
        to=to,
        at=next_moment(snapshot),
        by=person.by,
        run=person.run,
        reason=reason,
        former=snapshot.aliases.get(to),
        approved_by=approval.by if approval else "",
        gate=tuple(map(_record, gated.decision.rules)),
        not_compared=gated.not_compared,
    )


def _record(rule: "RuleResult") -> RuleRecord:
    return RuleRecord(
        rule=rule.metric,
        measured=rule.measured,
        sign=rule.sign,
        limit=rule.limit,
        passed=rule.passed,
    )
