"""Three times as many requests as the service can answer: what is answered, and what is after."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import wrk
from measure import table
from open_load import FACTOR, MOST_CONNECTIONS, ROWS
from servers import free_port, running, two_cores
from serving_subjects import OURS, own, programs, rows_of

MAX_WAIT_MS = 1000
"""What `MAX_WAIT_SECONDS` is by default."""

LOAD = str(Path(__file__).with_name("open_load.py"))


def measured(project: Path, seconds: int) -> str:
    """The table; the capacity is what wrk gets over 64 connections."""
    own_core, other_core = two_cores()
    with tempfile.TemporaryDirectory() as scratch:
        (subject,) = [one for one in own(project, Path(scratch)) if one.name == OURS]
        port, body = free_port(), subject.body(rows_of(ROWS))
        with running(
            OURS,
            subject.command(port),
            port,
            subject.probe,
            project,
            subject.environment,
            own_core,
        ) as server:
            url = server.url + subject.path
            wrk.load(url, body, subject.kind, 64, 1, other_core)
            alone = wrk.load(url, body, subject.kind, 64, 5, other_core)
            print(f"  capacity: {alone.rate:,.0f} requests/s", file=sys.stderr)
            asking = [str(programs(project) / "python"), LOAD, str(port), str(other_core)]
            asking += [f"{alone.rate:.0f}", str(seconds)]
            done = subprocess.run(asking, capture_output=True, text=True, check=False)
            if done.returncode or server.process.poll() is not None:
                raise SystemExit(f"the service or the load ended: {done.stderr}")
    return _told(json.loads(done.stdout), alone, seconds)


def _told(told: dict[str, float], alone: wrk.Load, seconds: int) -> str:
    goal = 2 * alone.p99 + MAX_WAIT_MS
    lines = [
        ["capacity, requests/s (64 connections)", f"{alone.rate:,.0f}", ""],
        ["sent, requests/s", f"{told['sent']:,.0f}", f"{FACTOR * alone.rate:,.0f}"],
        [f"not sent: {MOST_CONNECTIONS:,} others waited, requests/s", f"{told['missed']:,.0f}", ""],
        ["sent too late by whoever asks, p99 ms", f"{told['late']:.0f}", ""],
        ["answered with 200, requests/s", f"{told['accepted']:,.0f}", ""],
        ["refused with 503", f"{told['refused']:.1%}", ""],
        ["anything else, broken connections", f"{told['other']:.0f}, {told['broken']:.0f}", "0, 0"],
        [
            "p50 / p99 of the answered, ms",
            f"{told['p50']:.0f} / {told['p99']:.0f}",
            f"- / ≤ {goal:.0f}",
        ],
        ["p99 ms at capacity", f"{alone.p99:.0f}", ""],
        ["recovered after, s", f"{told['recovered']:.2f}", "≤ 1"],
    ]
    return table([f"{FACTOR} times the capacity for {seconds} s", "reached", "goal"], lines)
