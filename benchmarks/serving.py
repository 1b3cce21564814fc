"""Requests per second, latency and CPU of the service, against limits and other products.

One worker on one core, wrk on another. `--swap`, `--overload` and `--memory` measure those instead.
"""

import argparse
import statistics
import sys
import tempfile
from pathlib import Path

import serving_memory
import serving_overload
import serving_swap
import wrk
from measure import table
from serving_cells import CONNECTIONS, ROWS, WARM_SECONDS, Asking, Cell, Cells, say, taken
from serving_goals import goals
from serving_subjects import ALL_DECIMALS, ECHO, Subject, model_of, own, programs


def figures(cells: Cells, subjects: list[Subject], rows: int) -> str:
    """The table of all subjects for so many rows in a request."""
    lines = []
    for subject in subjects:
        cells_of = [cells[subject.name, rows, connections] for connections in CONNECTIONS]

        def middle(place: int, figure: str, of: list[list[Cell]] = cells_of) -> float:
            return float(statistics.median(getattr(cell, figure) for cell in of[place]))

        lines.append(
            [
                subject.name,
                " / ".join(f"{middle(place, 'rate'):,.0f}" for place in range(3)),
                f"{middle(0, 'p50'):.2f} / {middle(0, 'p99'):.2f}",
                f"{middle(1, 'p50'):.2f} / {middle(1, 'p99'):.2f}",
                f"{middle(1, 'cpu'):.0f}",
            ]
        )
    header = [
        f"{rows} row{'s' * (rows > 1)}",
        "req/s at 1 / 16 / 64",
        "p50 / p99 ms at 1",
        "p50 / p99 ms at 16",
        "server CPU µs/request at 16",
    ]
    return table(header, lines)


def throughput(project: Path, rounds: int, seconds: int, options: argparse.Namespace) -> None:
    """Print the tables of requests per second, and of memory."""
    asking = Asking.of(project, seconds, options.decimals)
    memory = {}
    with tempfile.TemporaryDirectory() as scratch:
        subjects = own(project, Path(scratch))
        if options.peers:
            from serving_peers import peers

            subjects += peers(model_of(project), programs(project) / "python", Path(scratch))
        subjects = [one for one in subjects if not options.only or one.name in options.only]
        kinds = len(ROWS) * len(CONNECTIONS)
        each = rounds * kinds * (seconds + 1) + len(ROWS) * WARM_SECONDS + kinds + 15
        say(f"about {len(subjects) * each / 60:.0f} minutes")
        for subject in subjects:
            say(f"  memory of {subject.name}")
            memory[subject.name] = asking.memory(subject)
        cells = taken(asking, subjects, rounds)
    print(f"medians of {rounds} rounds, {seconds} s a cell\n")
    for rows in ROWS:
        print(figures(cells, subjects, rows), end="\n\n")
    print(memories(memory), end="\n\n")
    print(goals(cells))


def memories(found: dict[str, tuple[float, float]]) -> str:
    """The table of what each had, alone on the machine, when it was ready and after all loads."""
    base = found.get(ECHO)
    lines = []
    for name, pair in found.items():
        ratio = " / ".join(f"{a / b:.2f}" for a, b in zip(pair, base, strict=True)) if base else "-"
        lines.append([name, " / ".join(f"{one:.0f}" for one in pair), ratio])
    return table(["ready / after the load", "PSS MiB", "÷ echo"], lines)


def main() -> None:
    """Measure what the arguments ask for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("project", type=Path, help="a baked project whose pipeline has run")
    parser.add_argument("--only", metavar="NAME", action="append", help="measure this one (again)")
    parser.add_argument("--rounds", type=int, help="7; 3 of --swap")
    parser.add_argument("--seconds", type=int, help="1 for each cell; 60 of --overload")
    parser.add_argument(
        "--decimals", type=int, default=ALL_DECIMALS, help="of a number in a request: all"
    )
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--peers", action="store_true", help="measure other products, too")
    which.add_argument("--swap", action="store_true", help="another version under load")
    which.add_argument("--overload", action="store_true", help="three times what it can answer")
    which.add_argument("--memory", action="store_true", help="PSS over a million requests")
    parser.add_argument("--requests", type=int, default=1_000_000, help="of --memory")
    options = parser.parse_args()
    if sys.platform != "linux":
        raise SystemExit("serving.py reads CPU and memory from /proc: run it on Linux.")
    project = options.project.resolve()
    if options.swap:
        print(serving_swap.measured(project, options.rounds or 3))
        return
    wrk.demand()
    if options.overload:
        print(serving_overload.measured(project, options.seconds or 60))
    elif options.memory:
        print(serving_memory.measured(project, options.requests))
    else:
        throughput(project, options.rounds or 7, options.seconds or 1, options)


if __name__ == "__main__":
    main()
