"""Another version under load: the longest that a client waits for an answer."""

import http.client
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from measure import table
from servers import asked, free_port, running, two_cores
from serving_subjects import as_json, expected, programs, rows_of

ALIAS = "dev"
SWAPS = 5
QUIET_SECONDS = 3.0
LONGEST_WAIT = 30.0

MOVING = """
import sys
from mlflow import MlflowClient
client = MlflowClient(sys.argv[1], sys.argv[1])
(model,) = client.search_registered_models()
print(model.name, flush=True)
for line in sys.stdin:
    client.set_registered_model_alias(model.name, sys.argv[2], line.strip())
    print("moved", flush=True)
"""


@dataclass(frozen=True)
class Answer:
    """One answer: when it was asked for and when it came (`perf_counter`), by which version."""

    began: float
    ended: float
    version: str
    score: float


class Client(threading.Thread):
    """One connection that asks without a pause and keeps every answer."""

    def __init__(self, port: int, core: int) -> None:
        super().__init__(daemon=True)
        self.answers: list[Answer] = []
        self.failures: list[str] = []
        self.done = threading.Event()
        self._port, self._core = port, core

    def run(self) -> None:
        """Ask until told to stop."""
        os.sched_setaffinity(0, {self._core})
        body, headers = as_json(rows_of(1)), {"Content-Type": "application/json"}
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=30)
        while not self.done.is_set():
            began = time.perf_counter()
            try:
                connection.request("POST", "/v1/predict", body, headers)
                response = connection.getresponse()
                content = response.read()
            except (OSError, http.client.HTTPException) as error:
                self.failures.append(repr(error))
                connection.close()
                continue
            ended = time.perf_counter()
            if response.status != 200:
                self.failures.append(f"{response.status}: {content[:200]!r}")
                continue
            told = json.loads(content)
            score = mean_class(told["probabilities"][0])
            self.answers.append(Answer(began, ended, told["model"]["version"], score))
            time.sleep(0.0005)

    def longest(self, since: float, until: float) -> float:
        """Milliseconds of the slowest answer that was awaited in that time."""
        waits = [one.ended - one.began for one in self.answers if since <= one.ended <= until]
        return max(waits) * 1000


def mean_class(probabilities: list[float]) -> float:
    """One number for an answer: two models may be equally sure of different classes."""
    return sum(place * share for place, share in enumerate(probabilities))


def measured(project: Path, rounds: int) -> str:
    """Swap there and back, `SWAPS` times a round."""
    own_core, other_core = two_cores()
    with tempfile.TemporaryDirectory() as scratch:
        store = f"sqlite:///{scratch}/mlflow.db"
        environment = {
            "MLFLOW_TRACKING_URI": store,
            "MLFLOW_MODEL_ALIAS": ALIAS,
            "MODEL_POLL_SECONDS": "1",
            "PREDICTION_LOG_URL": f"sqlite:///{scratch}/predictions.db",
            "PREDICTION_LOG_SPILL": f"{scratch}/spill",
        }
        due = _two_versions(project, store)
        port = free_port()
        command = [str(programs(project) / "serve"), "--port", str(port)]
        with running(
            "serve", command, port, "/health/ready", project, environment, own_core
        ) as server:
            client = Client(port, other_core)
            client.start()
            mover = [str(programs(project) / "python"), "-c", MOVING, store, ALIAS]
            with subprocess.Popen(
                ["taskset", "--cpu-list", str(other_core), *mover],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                env={**os.environ, **environment},
            ) as moving:
                assert moving.stdin
                assert moving.stdout
                moving.stdout.readline()
                waits = _waits(client, server.url, moving.stdin, moving.stdout, rounds)
                moving.stdin.close()
            client.done.set()
            client.join()
    return _told(client, due, *waits)


def _two_versions(project: Path, store: str) -> dict[str, float]:
    """Register two versions in a store of their own; what each says of the row that is asked."""
    environment = {**os.environ, "MLFLOW_TRACKING_URI": store}
    due = {}
    for version in ("1", "2"):
        print(f"  training version {version}", file=sys.stderr)
        train = [str(programs(project) / "train"), "trainer.max_epochs=1", f"seed={version}"]
        subprocess.run(train, cwd=project, env=environment, capture_output=True, check=True)
        newest = max(
            (project / "outputs").glob("**/model.onnx"), key=lambda path: path.stat().st_mtime
        )
        due[version] = mean_class(expected(project, newest, rows_of(1))[0])
    if abs(due["1"] - due["2"]) < 1e-3:
        raise SystemExit("the two versions answer alike: nobody could tell them apart")
    return due


def _waits(
    client: Client, url: str, say: IO[str], hear: IO[str], rounds: int
) -> tuple[list[float], list[float], list[float]]:
    """Longest waits while swapped and while not, and seconds from a new alias to its answer."""
    swapping, quiet, took = [], [], []
    for number in range(rounds * SWAPS):
        began = time.perf_counter()
        time.sleep(QUIET_SECONDS)
        quiet.append(client.longest(began, time.perf_counter()))
        version = "1" if number % 2 == 0 else "2"
        began = time.perf_counter()
        say.write(f"{version}\n")
        say.flush()
        hear.readline()
        moved = time.perf_counter()
        _until_answering(url, version)
        took.append(time.perf_counter() - moved)
        time.sleep(0.5)
        swapping.append(client.longest(began, time.perf_counter()))
        print(f"  swap {number + 1}: longest {swapping[-1]:.1f} ms", file=sys.stderr)
    return swapping, quiet, took


def _answering(url: str) -> str:
    return str(json.loads(asked(f"{url}/v1/model") or b"{}").get("version"))


def _until_answering(url: str, version: str) -> None:
    patience = time.perf_counter() + LONGEST_WAIT
    while _answering(url) != version:
        if time.perf_counter() > patience:
            raise SystemExit(f"version {version}, which the alias names, never answered")
        time.sleep(0.1)


def _told(
    client: Client,
    due: dict[str, float],
    swapping: list[float],
    quiet: list[float],
    took: list[float],
) -> str:
    wrong = sum(abs(one.score - due[one.version]) > 1e-4 for one in client.answers)
    lines = [
        ["longest wait in a swap, median (most), ms", _spread(swapping), "≤ 50"],
        [f"the same in {QUIET_SECONDS:.0f} s without a swap", _spread(quiet), ""],
        ["from the alias to its answer, median (most), s", _spread(took), ""],
        ["answers", f"{len(client.answers):,}", ""],
        ["failed", str(len(client.failures)), "0"],
        ["of another version than they say", str(wrong), "0"],
    ]
    return table([f"{len(swapping)} swaps, one connection", "reached", "goal"], lines)


def _spread(values: list[float]) -> str:
    return f"{statistics.median(values):.1f} ({max(values):.1f})"
