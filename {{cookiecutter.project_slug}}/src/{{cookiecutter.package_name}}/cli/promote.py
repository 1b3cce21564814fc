"""`promote`: let `staging` or `prod` name a version, if it passes the gate."""

import argparse
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from {{ cookiecutter.package_name }}.cli._entry import run

if TYPE_CHECKING:
    from {{ cookiecutter.package_name }}.cli._scored import ScoredVersion
    from {{ cookiecutter.package_name }}.evaluation.gate import GateDecision
    from {{ cookiecutter.package_name }}.integrations.registry import Registry, VersionInfo

_COMES_FROM = {"staging": "dev", "prod": "staging"}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="promote",
        description="Score a version on the test split, hold it against the floors in "
        "config/gate.yaml, and move the alias only if all of them hold.",
    )
    parser.add_argument("--to", required=True, choices=sorted(_COMES_FROM), help="alias to move")
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--version", type=int, metavar="N", help="promote this version")
    which.add_argument(
        "--from",
        dest="source",
        metavar="ALIAS",
        help="promote the version that this alias names (dev to staging, staging to prod)",
    )
    parser.add_argument("--reason", default="", help="why, kept with the version")
    return parser


def _promote(to: str, reference: str, reason: str) -> int:
    from {{ cookiecutter.package_name }} import PROJECT
    from {{ cookiecutter.package_name }}.cli._scored import score_version
    from {{ cookiecutter.package_name }}.evaluation.gate import decide, gate_file, read_floors
    from {{ cookiecutter.package_name }}.integrations.registry import Registry

    registry = Registry(PROJECT)
    version = registry.version(reference)
    if to in version.aliases:
        print(f"{to} already names version {version.version}; nothing changed")
        return 0
    scored = score_version(registry, version)
    _check_same_data(scored)
    target = scored.manifest.data_schema.target
    floors = read_floors(gate_file(), scored.manifest.name, target)
    decision = decide(scored.result.metrics, floors)
    print(f"version {version.version}, {scored.result.rows} test rows of {scored.manifest.name}")
    print(_rules(decision))
    _refuse_broken(decision, version, to)
    _move(registry, scored, to, reason)
    return 0


def _check_same_data(scored: "ScoredVersion") -> None:
    from {{ cookiecutter.package_name }}.schemas.errors import DataError

    trained, prepared = scored.info.data_digest, scored.manifest.digest
    if trained != prepared:
        raise DataError(
            f"The data set '{scored.manifest.name}' prepared now (digest {prepared[:12]}…) is not "
            f"the one that version {scored.version.version} was trained on ({trained[:12]}…): "
            "prepare that data again, or train a version on this data."
        )


def _rules(decision: "GateDecision") -> str:
    from {{ cookiecutter.package_name }}.cli._table import aligned

    rows = [
        (rule.metric, f"{rule.value:.4f}", rule.sign, f"{rule.limit:g}", _verdict(rule.passed))
        for rule in decision.rules
    ]
    return aligned([("rule", "measured", "", "limit", ""), *rows], right=frozenset({1, 3}))


def _verdict(passed: bool) -> str:  # noqa: FBT001 - its only argument
    return "holds" if passed else "BROKEN"


def _refuse_broken(decision: "GateDecision", version: "VersionInfo", to: str) -> None:
    from {{ cookiecutter.package_name }}.schemas.errors import GateRefused

    if not decision.passed:
        why = "; ".join(map(str, decision.broken))
        raise GateRefused(f"Version {version.version} was not promoted to {to}: {why}.")


def _move(registry: "Registry", scored: "ScoredVersion", to: str, reason: str) -> None:
    from datetime import UTC, datetime

    number = scored.version.version
    former = registry.aliases().get(to)
    history = {
        "lifecycle": to,
        f"{to}.promoted_at": datetime.now(UTC).isoformat(timespec="seconds"),
        f"{to}.promoted_by": _person(),
        f"{to}.promoted_from": former or "",
        f"{to}.reason": reason,
    }
    registry.move_alias(to, number, {**scored.test_tags, **history})
    print(f"{to} names version {number} now (before: {f'version {former}' if former else 'none'})")


def _person() -> str:
    import getpass

    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a container's user may have no name
        return "unknown"


def main(argv: Sequence[str] | None = None) -> int:
    """Entry point; returns the exit code."""
    options = _parser().parse_args(argv)
    named = options.source or _COMES_FROM[options.to]
    reference = named if options.version is None else str(options.version)
    return run(lambda: _promote(options.to, reference, options.reason))


if __name__ == "__main__":
    sys.exit(main())
