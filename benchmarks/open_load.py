"""Requests at a rate, whatever becomes of them: an open load.

`open_load.py PORT CORE CAPACITY SECONDS`, by a Python that has nothing else to do: three times the
capacity for so long, then a part of it. What came of them goes to standard output as JSON.
"""

import asyncio
import json
import math
import os
import sys
import time
from collections.abc import Callable
from importlib import import_module
from typing import cast

from serving_subjects import as_json, rows_of

ROWS = 32
FACTOR = 3
CALM_PART = 0.3  # of the capacity, after the overload
CALM_SECONDS = 5
MOST_CONNECTIONS = 2000
TICK_SECONDS = 0.002
STEP_SECONDS = 0.25
LATE_MS = 50.0
"""After the overload, an answer that takes longer still belongs to it."""
MOST_BAD = 0.01


class Connection(asyncio.Protocol):
    """One connection: one request at a time."""

    def __init__(self, asking: "Asking") -> None:
        self.asking = asking
        self.transport: asyncio.Transport | None = None
        self.due = 0.0
        self.heard = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """It can be used."""
        self.transport = cast("asyncio.Transport", transport)

    def ask(self, due: float) -> None:
        """Send the request that was due then."""
        self.due, self.heard = due, b""
        assert self.transport is not None
        self.asking.late.append((time.perf_counter() - due) * 1000)
        self.transport.write(self.asking.request)

    def data_received(self, data: bytes) -> None:
        """Wait for the whole answer, whose length it says."""
        self.heard += data
        head, end, body = self.heard.partition(b"\r\n\r\n")
        if not end:
            return
        length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0])
        if len(body) >= length:
            self.asking.answered(self, int(head[9:12]))

    def connection_lost(self, _: Exception | None) -> None:
        """Whatever was asked is not answered."""
        self.asking.lost(self)


class Asking:
    """Requests at a rate, over as many connections as it takes."""

    def __init__(self, port: int, rate: float) -> None:
        body = as_json(rows_of(ROWS))
        head = f"POST /v1/predict HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
        head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        self.request = head.encode() + body
        self.port, self.rate = port, rate
        self.free: list[Connection] = []
        self.open = 0
        self.missed = 0
        self.broken = 0
        self.late: list[float] = []  # ms from when a request was due to when it was sent
        self.answers: list[tuple[float, int, float]] = []  # since the start: due, status, ms

    def answered(self, connection: Connection, status: int) -> None:
        """Note an answer; the connection is free again."""
        now = time.perf_counter()
        due = connection.due - self.began
        self.answers.append((due, status, (now - connection.due) * 1000))
        connection.due = 0.0
        self.free.append(connection)

    def lost(self, connection: Connection) -> None:
        """A connection was closed, perhaps with a request on it."""
        self.open -= 1
        self.broken += connection.due > 0
        if connection in self.free:
            self.free.remove(connection)

    async def run(self, phases: list[tuple[float, float]]) -> None:
        """Keep each rate for its seconds."""
        loop = asyncio.get_running_loop()
        self.began = due = time.perf_counter()
        for rate, seconds in phases:
            until = due + seconds
            while due < until:
                while due <= time.perf_counter() and due < until:
                    await self._one(loop, due)
                    due += 1 / rate
                await asyncio.sleep(TICK_SECONDS)
        await asyncio.sleep(1)

    async def _one(self, loop: asyncio.AbstractEventLoop, due: float) -> None:
        if self.free:
            self.free.pop().ask(due)
        elif self.open < MOST_CONNECTIONS:
            self.open += 1
            _, made = await loop.create_connection(lambda: Connection(self), "127.0.0.1", self.port)
            made.ask(due)
        else:
            self.missed += 1


def quantile(values: list[float], part: float) -> float:
    """The smallest value that so large a part does not exceed."""
    return sorted(values)[max(0, math.ceil(part * len(values)) - 1)]


def recovered(answers: list[tuple[float, int, float]], over: float) -> float:
    """Seconds from the end of the overload to a quarter of a second in which all was well."""
    for step in range(int(CALM_SECONDS / STEP_SECONDS)):
        began = over + step * STEP_SECONDS
        then = [one for one in answers if began <= one[0] < began + STEP_SECONDS]
        bad = sum(status != 200 or took > LATE_MS for _, status, took in then)
        if then and bad <= MOST_BAD * len(then):
            return step * STEP_SECONDS
    return float(CALM_SECONDS)


def _fastest_loop() -> Callable[[], asyncio.AbstractEventLoop]:
    """That of uvloop where it is installed: who asks must not be what is measured."""
    try:
        return cast(
            "Callable[[], asyncio.AbstractEventLoop]", import_module("uvloop").new_event_loop
        )
    except ImportError:
        return asyncio.new_event_loop


def ask(port: int, core: int, capacity: float, seconds: float) -> dict[str, float]:
    """The overload, then the calm after it."""
    os.sched_setaffinity(0, {core})
    asking = Asking(port, capacity)
    phases = [(FACTOR * capacity, seconds), (CALM_PART * capacity, CALM_SECONDS)]
    with asyncio.Runner(loop_factory=_fastest_loop()) as runner:
        runner.run(asking.run(phases))
    during = [one for one in asking.answers if one[0] <= seconds]
    accepted = [took for _, status, took in during if status == 200]
    refused = sum(status == 503 for _, status, _ in during)
    return {
        "sent": len(during) / seconds,
        "accepted": len(accepted) / seconds,
        "refused": refused / len(during),
        "other": len(during) - len(accepted) - refused,
        "broken": asking.broken,
        "missed": asking.missed / seconds,
        "late": quantile(asking.late, 0.99),
        "p50": quantile(accepted, 0.5),
        "p99": quantile(accepted, 0.99),
        "recovered": recovered(asking.answers, seconds),
    }


if __name__ == "__main__":
    print(json.dumps(ask(int(sys.argv[1]), int(sys.argv[2]), *map(float, sys.argv[3:5]))))
