"""What is measured: the project's service in several settings, and two limits."""

import json
import random
import shutil
import struct
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
COLUMNS = 64
ALL_DECIMALS = 17
ECHO, BARE = "bare FastAPI echo", "bare ASGI + ONNX Runtime"
OURS, NO_LOG, BINARY = "serve", "serve, no prediction log", "serve, binary body"

EXPECTED = """
import json, sys
import numpy, onnxruntime
session = onnxruntime.InferenceSession(sys.argv[1], providers=["CPUExecutionProvider"])
rows = numpy.array(json.load(sys.stdin), numpy.float32)
json.dump(session.run(["probabilities"], {"numeric": rows})[0].tolist(), sys.stdout)
"""


def rows_of(count: int, decimals: int = ALL_DECIMALS) -> list[list[float]]:
    """The same rows in every run; by default a number has all the digits that Python writes."""
    numbers = random.Random(0)
    return [[round(numbers.uniform(0, 16), decimals) for _ in range(COLUMNS)] for _ in range(count)]


def as_json(rows: list[list[float]]) -> bytes:
    """The service's own request."""
    return json.dumps({"inputs": rows}).encode()


def as_floats(rows: list[list[float]]) -> bytes:
    """float32, row after row."""
    return b"".join(struct.pack(f"<{len(row)}f", *row) for row in rows)


@dataclass(frozen=True)
class Subject:
    """A server to measure: how it is started on a port, how it is asked and how it answers.

    `scores` finds the probabilities in a decoded answer; without a model there are none to check.
    """

    name: str
    command: Callable[[int], list[str]]
    path: str = "/v1/predict"
    probe: str = "/health/ready"
    body: Callable[[list[list[float]]], bytes] = as_json
    kind: str = "application/json"
    scores: Callable[[Any], Any] = lambda answer: answer["probabilities"]
    environment: Mapping[str, str] = field(default_factory=dict)
    has_model: bool = True
    log: Path | None = None
    """Folder of the prediction log: what one start leaves there, the next one would work off."""

    def forget(self) -> None:
        """Empty the folder of the log."""
        if self.log is not None:
            shutil.rmtree(self.log, ignore_errors=True)
            self.log.mkdir()


def programs(project: Path) -> Path:
    """The folder of the project's programs."""
    folder = project / ".venv" / "bin"
    if not (folder / "serve").exists():
        raise SystemExit(f"'{project}' is not set up: there is no '{folder / 'serve'}'.")
    return folder


def model_of(project: Path) -> Path:
    """The newest model that was trained in the project."""
    found = [path for path in (project / "outputs").glob("**/model.onnx") if path.is_file()]
    if not found:
        raise SystemExit(f"There is no model in '{project / 'outputs'}': run its pipeline first.")
    return max(found, key=lambda path: path.stat().st_mtime)


def expected(project: Path, model: Path, rows: list[list[float]]) -> list[list[float]]:
    """What the model itself says of the rows, by ONNX Runtime alone."""
    done = subprocess.run(
        [str(programs(project) / "python"), "-c", EXPECTED, str(model)],
        input=json.dumps(rows),
        capture_output=True,
        text=True,
        check=True,
    )
    answer: list[list[float]] = json.loads(done.stdout)
    return answer


def own(project: Path, scratch: Path) -> list[Subject]:
    """The limits first, then the service with everything on, then with one thing changed."""
    folder, model = programs(project), str(model_of(project))
    python = str(folder / "python")

    def serve(port: int) -> list[str]:
        return [str(folder / "serve"), "--model-file", model, "--port", str(port)]

    def keeping(name: str) -> dict[str, Any]:
        kept = scratch / name
        kept.mkdir(exist_ok=True)
        log = {
            "PREDICTION_LOG_URL": f"sqlite:///{kept / 'predictions.db'}",
            "PREDICTION_LOG_SPILL": str(kept / "spill"),
        }
        return {"environment": log, "log": kept}

    return [
        Subject(
            ECHO,
            lambda port: [python, str(HERE / "bare_api.py"), str(port)],
            has_model=False,
        ),
        Subject(BARE, lambda port: [python, str(HERE / "bare_asgi.py"), str(port), model]),
        Subject(OURS, serve, **keeping("rows")),
        Subject(NO_LOG, serve, environment={"PREDICTION_LOG_URL": "none"}),
        Subject(
            BINARY,
            serve,
            body=as_floats,
            kind="application/octet-stream",
            **keeping("binary"),
        ),
    ]
