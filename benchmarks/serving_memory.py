"""Memory of the service over many requests."""

import statistics
import sys
import tempfile
from pathlib import Path

import wrk
from measure import table
from servers import free_port, resident, running, two_cores
from serving_subjects import OURS, own, rows_of

CONNECTIONS = 16
STEP_SECONDS = 10
FEWEST = 4
SETTLED = 0.2
"""The part of the requests after which memory should not grow any more."""


def measured(project: Path, requests: int) -> str:
    """The memory as the requests go by, and its slope."""
    own_core, other_core = two_cores()
    with tempfile.TemporaryDirectory() as scratch:
        (subject,) = [one for one in own(project, Path(scratch)) if one.name == OURS]
        port, body = free_port(), subject.body(rows_of(1))
        with running(
            OURS,
            subject.command(port),
            port,
            subject.probe,
            project,
            subject.environment,
            own_core,
        ) as server:
            taken = [(0, resident(server.process.pid))]
            while taken[-1][0] < requests or len(taken) < FEWEST:
                load = wrk.load(
                    server.url + subject.path,
                    body,
                    subject.kind,
                    CONNECTIONS,
                    STEP_SECONDS,
                    other_core,
                )
                if load.failed:
                    raise SystemExit(f"{load.failed} requests failed")
                taken.append((taken[-1][0] + load.requests, resident(server.process.pid)))
                print(f"  {taken[-1][0]:,} requests: {taken[-1][1]:.1f} MiB", file=sys.stderr)
    late = [pair for pair in taken if pair[0] >= SETTLED * requests]
    slope = statistics.linear_regression(*zip(*late, strict=True)).slope * 1e6
    shown = [pair for place, pair in enumerate(taken) if place % (len(taken) // 10 + 1) == 0]
    lines = [[f"{count:,}", f"{memory:.1f}"] for count, memory in [*shown, taken[-1]]]
    return (
        table(["requests answered", "PSS MiB"], lines)
        + f"\n\nslope after the first fifth: {slope:+.2f} MiB a million requests"
    )
