"""Which version was in `prod` and in `staging`, and when: a bar a stay."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from {{ cookiecutter.package_name }}.evaluation import charts
from {{ cookiecutter.package_name }}.evaluation.charts import Spec
from {{ cookiecutter.package_name }}.schemas.history import Move
from {{ cookiecutter.package_name }}.utils.words import counted

_LANES = ("prod", "staging")


def timeline(moves: Sequence[Move]) -> Spec:
    """A lane an alias; each bar is a version's stay, which ends where another one came.

    The last bars end shortly after the last move: one history always makes the same figure.
    """
    first, last = min(move.at for move in moves), max(move.at for move in moves)
    end = last + max((last - first) / 10, timedelta(minutes=1))
    rows = [row for lane in _LANES for row in _stays(moves, lane, end)]
    return charts.spans(
        rows,
        title="Versions in prod and in staging",
        subtitle=f"{counted(len(moves), 'move')} up to {last:%Y-%m-%d %H:%M} UTC",
        lanes=_LANES,
        clock=_clock(first, end),
    )


def _clock(first: datetime, end: datetime) -> str:
    """How much of a time tells the moments of this span apart."""
    if end - first <= timedelta(minutes=10):
        return "%H:%M:%S"
    if first.date() == end.date():
        return "%H:%M"
    return "%d %b %H:%M" if end - first <= timedelta(days=7) else "%Y-%m-%d"


def _stays(moves: Sequence[Move], lane: str, end: datetime) -> list[dict[str, object]]:
    """From each arrival to the next; `staging` also ends where its version went to `prod`."""
    stays: list[dict[str, object]] = []
    arrivals = sorted((move for move in moves if move.to == lane), key=lambda move: move.at)
    for arrival in arrivals:
        leaves = [
            move.at
            for move in moves
            if move.at > arrival.at
            and (move.to == lane or (move.version == arrival.version and move.source == lane))
        ]
        stays.append(
            {
                "lane": lane,
                "version": f"v{arrival.version}",
                "from": arrival.at.isoformat(),
                "to": min(leaves, default=end).isoformat(),
                "verb": arrival.verb,
            }
        )
    return stays
