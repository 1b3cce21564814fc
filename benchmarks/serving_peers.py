"""Products that serve the same model, each in an environment of its own that uv makes."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from serving_subjects import Subject

APPS = Path(__file__).parent / "peers"
ENVIRONMENTS = APPS / ".venv"
RUNTIME = "onnxruntime==1.31.1"
PACKAGES = {
    "mlflow": ["mlflow==3.17.2", "onnx", RUNTIME],
    "litserve": ["litserve==0.2.19", RUNTIME],
    "bentoml": ["bentoml==1.4.39", RUNTIME],
    "mlserver": ["mlserver==1.7.1", RUNTIME],
}


def installed(name: str, python: Path) -> Path:
    """The folder of a peer's programs; uv fetches what is not there."""
    uv = shutil.which("uv")
    if uv is None:
        raise SystemExit("'uv' is not on PATH: it installs the peers (https://docs.astral.sh/uv/).")
    folder = ENVIRONMENTS / name
    print(f"  installing {', '.join(PACKAGES[name])}", file=sys.stderr)
    if not (folder / "bin" / "python").exists():
        subprocess.run([uv, "venv", "--quiet", "--python", str(python), str(folder)], check=True)
    install = [uv, "pip", "install", "--quiet", "--python", str(folder / "bin" / "python")]
    subprocess.run([*install, *PACKAGES[name]], check=True)
    return folder / "bin"


def peers(model: Path, python: Path, scratch: Path) -> list[Subject]:
    """All of them, ready to be started."""
    here = {"MODEL": str(model), "PYTHONPATH": str(APPS)}
    home = {name: installed(name, python) for name in PACKAGES}
    saved = scratch / "mlflow-model"
    make = [str(home["mlflow"] / "python"), str(APPS / "mlflow_model.py"), str(saved), str(model)]
    subprocess.run(make, check=True, capture_output=True)
    return [
        Subject(
            "mlflow models serve",
            lambda port: [
                *(str(home["mlflow"] / "mlflow"), "models", "serve", "--model-uri", str(saved)),
                *("--env-manager", "local", "--host", "127.0.0.1", "--port", str(port)),
                *("--workers", "1"),
            ],
            path="/invocations",
            probe="/ping",
            scores=lambda answer: answer["predictions"]["probabilities"],
            environment={"PATH": f"{home['mlflow']}{os.pathsep}{os.environ['PATH']}"},
        ),
        Subject(
            "LitServe",
            lambda port: [
                *(str(home["litserve"] / "python"), str(APPS / "litserve_app.py")),
                *(str(port), str(model)),
            ],
            path="/predict",
            probe="/health",
        ),
        Subject(
            "BentoML",
            lambda port: [
                *(str(home["bentoml"] / "bentoml"), "serve", "bentoml_app:Digits"),
                *("--host", "127.0.0.1", "--port", str(port)),
            ],
            path="/predict",
            probe="/readyz",
            environment={**here, "BENTOML_HOME": str(scratch), "BENTOML_DO_NOT_TRACK": "True"},
        ),
        Subject(
            "MLServer",
            lambda port: [
                str(home["mlserver"] / "mlserver"),
                "start",
                str(_mlserver_folder(scratch / "mlserver", port)),
            ],
            path="/v2/models/digits/infer",
            probe="/v2/models/digits/ready",
            body=_protocol_body,
            scores=_protocol_scores,
            environment=here,
        ),
    ]


def _mlserver_folder(folder: Path, port: int) -> Path:
    """A folder that tells MLServer what to serve where."""
    folder.mkdir(exist_ok=True)
    settings = {
        "host": "127.0.0.1",
        "http_port": port,
        "grpc_port": port + 1,
        "metrics_port": port + 2,
        "parallel_workers": 0,
        "debug": False,
    }
    (folder / "settings.json").write_text(json.dumps(settings))
    model = {"name": "digits", "implementation": "mlserver_app.Digits"}
    (folder / "model-settings.json").write_text(json.dumps(model))
    return folder


def _protocol_body(rows: list[list[float]]) -> bytes:
    """Rows as the Open Inference Protocol has them."""
    tensor = {
        "name": "numeric",
        "shape": [len(rows), len(rows[0])],
        "datatype": "FP32",
        "data": [value for row in rows for value in row],
    }
    return json.dumps({"inputs": [tensor]}).encode()


def _protocol_scores(answer: Any) -> list[list[float]]:
    (tensor,) = [one for one in answer["outputs"] if one["name"] == "probabilities"]
    width = tensor["shape"][1]
    data = tensor["data"]
    return [data[start : start + width] for start in range(0, len(data), width)]
