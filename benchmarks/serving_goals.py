"""What the service must reach, beside what it reached."""

import statistics
from typing import TYPE_CHECKING

from measure import table
from serving_subjects import BARE, BINARY, ECHO, NO_LOG, OURS

if TYPE_CHECKING:
    from serving_cells import Cells

CONNECTIONS = 16
PEERS = {"mlflow models serve": 4, "LitServe": 5, "BentoML": 9, "MLServer": 3}


def goals(cells: "Cells") -> str:
    """Each ratio is the median of the rounds' own, at 16 connections."""

    def ratio(ours: str, base: str, rows: int, figure: str = "rate") -> str:
        if not {(ours, rows, CONNECTIONS), (base, rows, CONNECTIONS)} <= cells.keys():
            return "-"
        pairs = zip(cells[ours, rows, CONNECTIONS], cells[base, rows, CONNECTIONS], strict=True)
        return f"{statistics.median(getattr(a, figure) / getattr(b, figure) for a, b in pairs):.2f}"

    def both(base: str, figure: str = "rate", ours: str = OURS) -> str:
        return " / ".join(ratio(ours, base, rows, figure) for rows in (1, 32))

    lines: list[list[str]] = [
        ["requests/s ÷ echo, 1 / 32 rows", both(ECHO), "≥ 1.1 / ≥ 2.0"],
        ["p99 ÷ echo, 1 / 32 rows", both(ECHO, "p99"), "≤ 1.0 / ≤ 0.6"],
        ["server CPU ÷ echo, 1 / 32 rows", both(ECHO, "cpu"), ""],
        ["requests/s ÷ bare ASGI, 1 / 32 rows", both(BARE), "≥ 0.65 / ≥ 0.85"],
        ["prediction log on ÷ off, 1 / 32 rows", both(NO_LOG), "≥ 0.9 / ≥ 0.9"],
        ["binary body ÷ JSON, 1 / 32 rows", both(OURS, ours=BINARY), ""],
    ]
    lines += [
        [f"requests/s ÷ {name}, 1 / 32 rows", both(name), f"≥ {goal} / -"]
        for name, goal in PEERS.items()
        if (name, 1, CONNECTIONS) in cells
    ]
    return table(["at 16 connections", "reached", "goal"], lines)
