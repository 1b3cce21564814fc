"""Time to ready and memory of the service, against a bare FastAPI process."""

import argparse
import json
import os
import statistics
import sys
from pathlib import Path

from measure import table
from servers import asked, cpu_seconds, free_port, resident, running
from serving_subjects import model_of, programs

SAMPLE = json.dumps({"inputs": [[float(i % 17) for i in range(64)]]}).encode()
REQUESTS = 200
ASKED = "serve alias prod, asked"


def measured(arguments: list[str], folder: Path, port: int) -> tuple[float, float, float]:
    """Seconds from start to ready, of them on a core, and MiB after some requests."""
    with running(arguments[0], arguments, port, "/health/ready", folder) as server:
        cpu = cpu_seconds(server.process.pid)
        for _ in range(REQUESTS):
            if asked(f"{server.url}/v1/predict", SAMPLE) is None:
                raise SystemExit("a request was not answered with 200")
        return server.ready_seconds, cpu, resident(server.process.pid)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("project", type=Path, help="a baked project whose pipeline has run")
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    project = options.project.resolve()
    if sys.platform != "linux":
        raise SystemExit("service.py reads memory from /proc: run it on Linux.")
    bin_folder = programs(project)
    serve = [str(bin_folder / "serve"), "--port"]
    kinds = {
        "bare FastAPI echo": [
            str(bin_folder / "python"),
            str(Path(__file__).with_name("bare_api.py")),
        ],
        "serve a model file": [
            str(bin_folder / "serve"),
            "--model-file",
            str(model_of(project)),
            "--port",
        ],
        "serve alias prod, known": serve,
        ASKED: serve,
    }
    taken: dict[str, list[tuple[float, float, float]]] = {name: [] for name in kinds}
    for _ in range(options.runs + 1):
        for name, arguments in kinds.items():
            if name == ASKED:
                os.utime(project / "mlflow.db")  # as a promotion would: the answer may be another
            port = free_port()
            taken[name].append(measured([*arguments, str(port)], project, port))
    base = [
        statistics.median(column) for column in zip(*taken["bare FastAPI echo"][1:], strict=True)
    ]
    rows = []
    for name, pairs in taken.items():
        ready, cpu, memory = (statistics.median(column) for column in zip(*pairs[1:], strict=True))
        rows.append(
            [
                name,
                f"{ready:.2f}",
                f"{ready / base[0]:.2f}",
                f"{cpu:.2f}",
                f"{cpu / base[1]:.2f}",
                f"{memory:.0f}",
                f"{memory / base[2]:.2f}",
            ]
        )
    print(f"medians of {options.runs}, after {REQUESTS} requests\n")
    print(table(["service", "ready s", "/ echo", "CPU s", "/ echo", "PSS MiB", "/ echo"], rows))


if __name__ == "__main__":
    main()
