"""All moves as a table, and as a figure."""

from {{ cookiecutter.package_name }}.cli._arguments import one_line
from {{ cookiecutter.package_name }}.cli._table import aligned
from {{ cookiecutter.package_name }}.integrations.move_history import moves_of, unfinished
from {{ cookiecutter.package_name }}.integrations.versions import Snapshot
from {{ cookiecutter.package_name }}.schemas.history import Move, forgotten
from {{ cookiecutter.package_name }}.utils.paths import project_root, shown
from {{ cookiecutter.package_name }}.utils.words import counted

_HEADING = ("when (UTC)", "what", "version", "way", "gate", "by", "why")
FIGURE = "promotion_history"


def show(snapshot: Snapshot) -> int:
    """Print the table, the newest last, and write `reports/promotion_history.svg`."""
    from {{ cookiecutter.package_name }}.evaluation.figures import write_figures
    from {{ cookiecutter.package_name }}.evaluation.timeline import timeline

    moves = moves_of(snapshot)
    if not moves:
        print(f"no version of '{snapshot.name}' was promoted yet")
    else:
        print(aligned([_HEADING, *map(_row, moves)], right=frozenset({2})))
    for number in forgotten(moves, snapshot.versions):
        print(f"version {number} was deleted, and the record of its own moves with it")
    for begun in unfinished(snapshot):
        print(
            f"unfinished: version {begun.version} to {begun.to}, by {one_line(begun.by)} since "
            f"{begun.at:%Y-%m-%d %H:%M:%S}; the next promote or rollback finishes or forgets it"
        )
    if moves:
        (path,) = write_figures(project_root() / "reports", {FIGURE: timeline(moves)})
        print(f"\nfigure: {shown(path)}")
    return 0


def _row(move: Move) -> tuple[str, ...]:
    where = f" in {move.run}" if move.run else ""
    approved = f", approved by {move.approved_by}" if move.approved_by else ""
    return (
        f"{move.at:%Y-%m-%d %H:%M:%S}",
        move.verb,
        move.version,
        f"{move.source} > {move.to}",
        _gate(move),
        one_line(f"{move.by}{where}{approved}"),
        one_line(move.reason) or "-",
    )


def _gate(move: Move) -> str:
    if not move.gate:
        return "not measured"
    hold = "holds" if len(move.gate) == 1 else "hold"
    but = ", not compared" if move.not_compared else ""
    return f"{counted(len(move.gate), 'rule')} {hold}{but}"
