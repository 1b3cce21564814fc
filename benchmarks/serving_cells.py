"""Loads of several servers, one after the other in turns of a few seconds.

All of them are there from the start, and those that are not asked are stopped (SIGSTOP): a machine
that is slower for a minute is so for all of them, and none takes anything from another.
"""

import json
import sys
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import wrk
from servers import Server, asked, cpu_seconds, free_port, resident, running, two_cores
from serving_subjects import Subject, expected, model_of, rows_of

CONNECTIONS = (1, 16, 64)
ROWS = (1, 32)
WARM_SECONDS = 3  # what a server does once, and late, is over then
WAKE_SECONDS = 0.3  # after which a server that was stopped knows what time it is


@dataclass(frozen=True)
class Cell:
    """One load of one server; `cpu` are its microseconds a request."""

    rate: float
    p50: float
    p99: float
    cpu: float


Cells = dict[tuple[str, int, int], list[Cell]]
"""By subject, rows and connections: a cell of each round."""


@dataclass(frozen=True)
class Asking:
    """A project, what its servers are asked, and from which cores: theirs, and that of wrk."""

    project: Path
    seconds: int
    decimals: int
    cores: tuple[int, int]

    @classmethod
    def of(cls, project: Path, seconds: int, decimals: int) -> "Asking":
        """On this machine's first two cores."""
        return cls(project, seconds, decimals, two_cores())

    def _running(self, subject: Subject) -> AbstractContextManager[Server]:
        port = free_port()
        subject.forget()
        given = self.project, subject.environment, self.cores[0]
        return running(subject.name, subject.command(port), port, subject.probe, *given)

    @contextmanager
    def started(self, subject: Subject) -> Iterator[Server]:
        """A server that answers rightly, and is warm."""
        with self._running(subject) as server:
            for rows in ROWS:
                self._check(subject, server, rows)
                self._load(subject, server, rows, 16, WARM_SECONDS)
            yield server

    def _check(self, subject: Subject, server: Server, many: int) -> None:
        rows = rows_of(many, self.decimals)
        content = asked(server.url + subject.path, subject.body(rows), subject.kind)
        if content is None:
            raise SystemExit(f"{subject.name} did not answer {many} rows with 200")
        scores = subject.scores(json.loads(content))
        if len(scores) != many:
            raise SystemExit(f"{subject.name} answered {len(scores)} of {many} rows")
        if not subject.has_model:
            return
        answers = expected(self.project, model_of(self.project), rows)
        for got, due in zip(scores, answers, strict=True):
            if any(abs(a - b) > 1e-4 for a, b in zip(got, due, strict=True)):
                raise SystemExit(f"{subject.name} answers {got}, the model {due}")

    def _load(
        self, subject: Subject, server: Server, rows: int, connections: int, seconds: int
    ) -> wrk.Load:
        body = subject.body(rows_of(rows, self.decimals))
        url = server.url + subject.path
        load = wrk.load(url, body, subject.kind, connections, seconds, self.cores[1])
        if load.failed:
            raise SystemExit(f"{subject.name}: {load.failed} requests failed")
        return load

    def cell(self, subject: Subject, server: Server, rows: int, connections: int) -> Cell:
        """One load of a server that was stopped, and is stopped again."""
        server.resume()
        time.sleep(WAKE_SECONDS)
        before = cpu_seconds(server.process.pid)
        load = self._load(subject, server, rows, connections, self.seconds)
        cpu = (cpu_seconds(server.process.pid) - before) / load.requests * 1e6
        server.pause()
        return Cell(load.rate, load.p50, load.p99, cpu)

    def memory(self, subject: Subject) -> tuple[float, float]:
        """PSS in MiB of a server that is alone: when it is ready, and after all loads."""
        with self._running(subject) as server:
            ready = resident(server.process.pid)
            for rows in ROWS:
                for connections in CONNECTIONS:
                    self._load(subject, server, rows, connections, 1)
            return ready, resident(server.process.pid)


def taken(asking: Asking, subjects: list[Subject], rounds: int) -> Cells:
    """The cells of all subjects, and how far it is on stderr."""
    cells: Cells = {}
    with ExitStack() as stack:
        servers = []
        for subject in subjects:
            say(f"  starting {subject.name}")
            servers.append((subject, stack.enter_context(asking.started(subject))))
            servers[-1][1].pause()
        for round_ in range(rounds):
            for rows in ROWS:
                for connections in CONNECTIONS:
                    say(f"  round {round_ + 1} of {rounds}: {rows} rows, {connections} connections")
                    for subject, server in servers:
                        cell = asking.cell(subject, server, rows, connections)
                        cells.setdefault((subject.name, rows, connections), []).append(cell)
    return cells


def say(text: str) -> None:
    """Tell how far it is."""
    print(text, file=sys.stderr, flush=True)
