"""Time to ready and memory of the service, against a bare FastAPI process."""

import argparse
import json
import os
import re
import signal
import socket
import statistics
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from measure import table

SAMPLE = json.dumps({"inputs": [[float(i % 17) for i in range(64)]]}).encode()
REQUESTS = 200


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(url: str, body: bytes | None = None) -> bool:
    """Whether the URL answers 200."""
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(url, body, headers)
    try:
        with urllib.request.urlopen(request, timeout=5) as response:
            return bool(response.status == 200)
    except (urllib.error.URLError, ConnectionError):
        return False


def resident(process: int) -> float:
    """PSS of the process in MiB (Linux): its share of shared pages counted once."""
    text = Path(f"/proc/{process}/smaps_rollup").read_text(encoding="ascii")
    found = re.search(r"^Pss:\s+(\d+) kB", text, re.MULTILINE)
    assert found
    return int(found.group(1)) / 1024


def measured(arguments: list[str], folder: Path, port: int) -> tuple[float, float]:
    """Seconds from start to ready, and MiB after some requests."""
    began = time.perf_counter()
    process = subprocess.Popen(
        arguments, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        while not answers(f"http://127.0.0.1:{port}/health/ready"):
            if process.poll() is not None or time.perf_counter() - began > 60:
                raise SystemExit(f"{arguments[0]} did not become ready")
            time.sleep(0.01)
        ready = time.perf_counter() - began
        for _ in range(REQUESTS):
            if not answers(f"http://127.0.0.1:{port}/v1/predict", SAMPLE):
                raise SystemExit("a request was not answered with 200")
        return ready, resident(process.pid)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=20)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("project", type=Path, help="a baked project whose pipeline has run")
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    project = options.project.resolve()
    if sys.platform != "linux":
        raise SystemExit("service.py reads memory from /proc: run it on Linux.")
    bin_folder = project / ".venv" / "bin"
    models = sorted((project / "outputs").glob("**/model.onnx"), key=os.path.getmtime)
    serve = [str(bin_folder / "serve"), "--port"]
    kinds = {
        "bare FastAPI echo": [
            str(bin_folder / "python"),
            str(Path(__file__).with_name("bare_api.py")),
        ],
        "serve a model file": [
            str(bin_folder / "serve"),
            "--model-file",
            str(models[-1]),
            "--port",
        ],
        "serve alias prod": serve,
    }
    taken: dict[str, list[tuple[float, float]]] = {name: [] for name in kinds}
    for _ in range(options.runs + 1):
        for name, arguments in kinds.items():
            port = free_port()
            taken[name].append(measured([*arguments, str(port)], project, port))
    base = [
        statistics.median(column) for column in zip(*taken["bare FastAPI echo"][1:], strict=True)
    ]
    rows = []
    for name, pairs in taken.items():
        ready, memory = (statistics.median(column) for column in zip(*pairs[1:], strict=True))
        rows.append(
            [
                name,
                f"{ready:.2f}",
                f"{ready / base[0]:.2f}",
                f"{memory:.0f}",
                f"{memory / base[1]:.2f}",
            ]
        )
    print(f"medians of {options.runs}, after {REQUESTS} requests\n")
    print(table(["service", "ready s", "/ echo", "PSS MiB", "/ echo"], rows))


if __name__ == "__main__":
    main()
