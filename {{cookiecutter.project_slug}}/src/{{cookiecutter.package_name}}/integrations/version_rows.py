"""What the page of versions shows, as rows of tables: the same for every kind of page."""

from collections.abc import Sequence

from {{ cookiecutter.package_name }}.integrations.version_list import (
    ListedVersion,
    metric_names,
)
from {{ cookiecutter.package_name }}.schemas.history import Move
from {{ cookiecutter.package_name }}.utils.words import counted

Rows = list[dict[str, object]]
"""A row has the same keys, in the same order, as the others of its table."""

_MINUTES = "%Y-%m-%d %H:%M UTC"
_SHOWN_METRICS = 2


def version_rows(versions: list[ListedVersion]) -> Rows:
    """A row a version, with the first few metrics; None where it has no such metric."""
    shown = metric_names(versions)[:_SHOWN_METRICS]
    return [
        {
            "version": version.number,
            "state": ", ".join(version.aliases) or version.state,
            "model": version.model_name,
            "data": version.data_name,
            "registered (UTC)": f"{version.created:%Y-%m-%d %H:%M}",
            **{name: version.metrics.get(name) for name in shown},
        }
        for version in versions
    ]


def origin_rows(one: ListedVersion, other: ListedVersion | None) -> Rows:
    """What each of two versions was trained on, a row a fact."""
    facts = [_origin(version) for version in (one, other) if version is not None]
    titles = _titles(one, other)
    return [
        {"fact": name, **{title: fact[name] for title, fact in zip(titles, facts, strict=True)}}
        for name in facts[0]
    ]


def _origin(version: ListedVersion) -> dict[str, str]:
    unknown = "not known"
    return {
        "model": version.model_name or unknown,
        "data set": version.data_name or unknown,
        "rows": f"{int(version.data_rows):,}" if version.data_rows.isdigit() else unknown,
        "digest": version.data_digest[:12] or unknown,
        "source": version.data_source or unknown,
        "commit": version.git_sha[:12] or "none: trained outside a git repository",
        "run": version.run_id[:12] or unknown,
        "registered": f"{version.created:{_MINUTES}}",
    }


def metric_rows(one: ListedVersion, other: ListedVersion | None) -> Rows:
    """Numbers of one version, beside those of another and how much more the first has."""
    titles, rows = _titles(one, other), []
    for name in metric_names([one, other] if other else [one]):
        mine = one.metrics.get(name)
        row: dict[str, object] = {"metric": name, titles[0]: mine}
        if other:
            theirs = other.metrics.get(name)
            row[titles[1]] = theirs
            row["difference"] = None if mine is None or theirs is None else mine - theirs
        rows.append(row)
    return rows


def _titles(one: ListedVersion, other: ListedVersion | None) -> list[str]:
    return [f"version {version.number}" for version in (one, other) if version is not None]


def move_rows(version: ListedVersion) -> Rows:
    """Each time that an alias came to name the version, the newest first."""
    approved = any(move.approved_by for move in version.moves)
    return [
        {
            "when": f"{move.at:{_MINUTES}}",
            "moved by": move.verb,
            "from": move.source,
            "to": move.to,
            "who": move.by,
            **({"approved by": move.approved_by} if approved else {}),
            "before": f"version {move.former}" if move.former else "none",
            "why": move.reason,
        }
        for move in reversed(version.moves)
    ]


def decisions(version: ListedVersion) -> list[Move]:
    """The moves that a gate decided, the newest first."""
    return [move for move in reversed(version.moves) if move.gate]


def decision_name(move: Move) -> str:
    """One gate decision as people choose it from a list."""
    return f"{move.verb} to {move.to}, {move.at:%Y-%m-%d %H:%M:%S UTC}"


def decision_words(move: Move) -> str:
    """What the gate made of it, in a sentence."""
    held = sum(rule.passed for rule in move.gate)
    words = f"{held} of {counted(len(move.gate), 'rule')} held."
    return f"{words} Not compared with prod: {move.not_compared}" if move.not_compared else words


def gate_rows(move: Move) -> Rows:
    """The rules of a gate as they were decided, those that failed first."""
    return [
        {
            "rule": rule.rule,
            "measured": rule.measured,
            "limit": f"{rule.sign} {rule.limit:g}",
            "result": "holds" if rule.passed else "fails",
        }
        for rule in sorted(move.gate, key=lambda rule: rule.passed)
    ]


def others(versions: Sequence[ListedVersion], chosen: ListedVersion) -> list[ListedVersion]:
    """The versions that one can be compared with, the one that serves first."""
    rest = [version for version in versions if version.number != chosen.number]
    return sorted(rest, key=lambda version: "prod" not in version.aliases)
