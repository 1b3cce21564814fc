"""Requests per second, latency and CPU of the service, against limits and other products.

One worker on one core, wrk on another. `--swap`, `--overload` and `--memory` measure those instead.
"""

import argparse
import json
import statistics
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import serving_memory
import serving_overload
import serving_swap
import wrk
from measure import table
from servers import asked, cpu_seconds, free_port, resident, running, two_cores
from serving_goals import goals
from serving_subjects import (
    ALL_DECIMALS,
    Subject,
    expected,
    model_of,
    own,
    programs,
    rows_of,
)

CONNECTIONS = (1, 16, 64)
ROWS = (1, 32)
WARM_SECONDS = 3  # what a server does once, and late, is over then


@dataclass(frozen=True)
class Cell:
    """One load of one server; `cpu` are its microseconds a request."""

    rate: float
    p50: float
    p99: float
    cpu: float


Cells = dict[tuple[str, int, int], list[Cell]]
"""By subject, rows and connections: a cell of each round."""


def say(text: str) -> None:
    """Tell how far it is."""
    print(text, file=sys.stderr, flush=True)


def check(subject: Subject, url: str, rows: list[list[float]], answers: list[list[float]]) -> None:
    """End unless the server answers what the model says."""
    content = asked(url, subject.body(rows), subject.kind)
    if content is None:
        raise SystemExit(f"{subject.name} did not answer {len(rows)} rows with 200")
    scores = subject.scores(json.loads(content))
    if len(scores) != len(rows):
        raise SystemExit(f"{subject.name} answered {len(scores)} of {len(rows)} rows")
    if not subject.has_model:
        return
    for got, due in zip(scores, answers, strict=True):
        if any(abs(a - b) > 1e-4 for a, b in zip(got, due, strict=True)):
            raise SystemExit(f"{subject.name} answers {got}, the model {due}")


def measured(
    subject: Subject, project: Path, model: Path, seconds: int, decimals: int, cells: Cells
) -> float:
    """Start the subject, take a cell of each kind, and say how much memory it then has."""
    own_core, other_core = two_cores()
    port = free_port()
    subject.forget()
    with running(
        subject.name,
        subject.command(port),
        port,
        subject.probe,
        project,
        subject.environment,
        own_core,
    ) as server:
        url = server.url + subject.path
        for rows in ROWS:
            asked_rows = rows_of(rows, decimals)
            check(subject, url, asked_rows, expected(project, model, asked_rows))
            body = subject.body(asked_rows)
            wrk.load(url, body, subject.kind, 16, WARM_SECONDS, other_core)
            for connections in CONNECTIONS:
                before = cpu_seconds(server.process.pid)
                load = wrk.load(url, body, subject.kind, connections, seconds, other_core)
                cpu = (cpu_seconds(server.process.pid) - before) / load.requests * 1e6
                if load.failed:
                    raise SystemExit(f"{subject.name}: {load.failed} requests failed")
                cell = Cell(load.rate, load.p50, load.p99, cpu)
                cells.setdefault((subject.name, rows, connections), []).append(cell)
        return resident(server.process.pid)


def figures(cells: Cells, subjects: list[Subject], rows: int) -> str:
    """The table of all subjects for so many rows in a request."""
    lines = []
    for subject in subjects:
        taken = [cells[subject.name, rows, connections] for connections in CONNECTIONS]

        def middle(place: int, figure: str, taken: list[list[Cell]] = taken) -> float:
            return float(statistics.median(getattr(cell, figure) for cell in taken[place]))

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
    """Print the tables of requests per second."""
    cells: Cells = {}
    memory: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory() as scratch:
        subjects = own(project, Path(scratch))
        if options.peers:
            from serving_peers import peers

            subjects += peers(model_of(project), programs(project) / "python", Path(scratch))
        subjects = [one for one in subjects if not options.only or one.name in options.only]
        each = len(ROWS) * (WARM_SECONDS + len(CONNECTIONS) * seconds) + 5
        say(f"about {rounds * len(subjects) * each / 60:.0f} minutes")
        for round_ in range(rounds):
            for subject in subjects:
                say(f"  round {round_ + 1} of {rounds}: {subject.name}")
                taken = measured(
                    subject, project, model_of(project), seconds, options.decimals, cells
                )
                memory.setdefault(subject.name, []).append(taken)
    print(f"medians of {rounds} rounds, {seconds} s a cell\n")
    for rows in ROWS:
        print(figures(cells, subjects, rows), end="\n\n")
    lines = [[name, f"{statistics.median(taken):.0f}"] for name, taken in memory.items()]
    print(table(["after the load", "PSS MiB"], lines), end="\n\n")
    print(goals(cells))


def main() -> None:
    """Measure what the arguments ask for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("project", type=Path, help="a baked project whose pipeline has run")
    parser.add_argument("--only", metavar="NAME", action="append", help="measure this one (again)")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=5, help="of each cell (or of the overload)")
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
        print(serving_swap.measured(project, options.rounds))
        return
    wrk.demand()
    if options.overload:
        print(serving_overload.measured(project, options.seconds))
    elif options.memory:
        print(serving_memory.measured(project, options.requests))
    else:
        throughput(project, options.rounds, options.seconds, options)


if __name__ == "__main__":
    main()
