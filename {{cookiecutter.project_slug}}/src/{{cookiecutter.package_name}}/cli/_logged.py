"""Rows of the prediction log, as a table in a terminal or as lines for a pipe."""

import sys
from collections.abc import Sequence
from datetime import UTC, datetime

from {{ cookiecutter.package_name }}.cli._arguments import one_line
from {{ cookiecutter.package_name }}.cli._table import aligned
from {{ cookiecutter.package_name }}.schemas.logged_rows import LoggedRow

_HEADS = ("answered (UTC)", "request", "row", "version", "prediction", "label", "ms")
_RIGHT = frozenset((2, 6))
_OWN_ID = 32
"""Characters of an id that the service gave."""


def print_rows(rows: Sequence[LoggedRow]) -> None:
    """A terminal gets what fits into 80 columns; whoever reads a pipe gets whole values."""
    if sys.stdout.isatty():
        _print_table(rows)
    else:
        print(aligned([_HEADS, *(_cells(row) for row in rows)], _RIGHT))


def _cells(row: LoggedRow, when: str = "%Y-%m-%d %H:%M:%S", digits: int = 17) -> list[str]:
    def told(value: str | float | None) -> str:
        text = f"{value:.{digits}g}" if isinstance(value, float) else f"{value}"
        return "-" if value is None else one_line(text)

    return [
        f"{datetime.fromtimestamp(row.at, UTC):{when}}",
        one_line(row.request_id),
        str(row.row),
        one_line(row.version),
        told(row.prediction),
        told(row.label),
        f"{1000 * row.seconds:.1f}",
    ]


def _print_table(rows: Sequence[LoggedRow]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0))
    for place, head in enumerate(("UTC", *_HEADS[1:])):
        table.add_column(
            head,
            justify="right" if place in _RIGHT else "left",
            min_width=_OWN_ID if head == "request" else None,
            overflow="fold",
        )
    for row in rows:
        table.add_row(*_cells(row, "%m-%d %H:%M", 6))
    Console(markup=False, highlight=False).print(table)
