"""Load by h2load, over HTTP/1.1 and gRPC alike (Debian: `apt install nghttp2-client`)."""

import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

WARM_UP_SECONDS = 1


@dataclass(frozen=True)
class Question:
    """What is asked, the same each time; `http1` is for servers of HTTP/1.1."""

    url: str
    body: bytes
    headers: tuple[str, ...]
    http1: bool = True


@dataclass(frozen=True)
class Load:
    """Answers a second, and the time of which 99 of 100 took less, in milliseconds."""

    rate: float
    p99: float


def demand() -> None:
    """End with a sentence where h2load is missing."""
    for tool, package in (("h2load", "nghttp2-client"), ("taskset", "util-linux")):
        if shutil.which(tool) is None:
            raise SystemExit(f"'{tool}' is not on PATH: install it (`apt install {package}`).")


def load(question: Question, connections: int, seconds: int, core: int) -> Load:
    """Ask without a pause over so many connections, one question at a time on each."""
    with tempfile.TemporaryDirectory() as folder:
        body, log = Path(folder, "body"), Path(folder, "log")
        body.write_bytes(question.body)
        command = ["taskset", "--cpu-list", str(core), "h2load", "-t", "1", "-m", "1"]
        command += ["-c", str(connections), "-D", str(seconds)]
        command += [f"--warm-up-time={WARM_UP_SECONDS}", "-d", str(body), f"--log-file={log}"]
        command += [part for header in question.headers for part in ("-H", header)]
        command += [*(["--h1"] if question.http1 else []), question.url]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise SystemExit(f"h2load ended with {done.returncode}: {done.stdout}{done.stderr}")
        lines = [line.split() for line in log.read_text().splitlines()]
    micros = [int(line[2]) for line in lines if line[1] == "200"]
    # What is cut off at the end has no status: at most one on each connection.
    if not micros or len(lines) - len(micros) > connections:
        raise SystemExit(f"{len(lines) - len(micros)} of {len(lines)} failed: {done.stdout}")
    return Load(len(micros) / seconds, percentile(micros, 0.99) / 1000)


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which this share of all lies."""
    ordered = sorted(values)
    return ordered[min(int(share * len(ordered)), len(ordered) - 1)]
