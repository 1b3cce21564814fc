"""Triton against the service and against ONNX Runtime alone: rate and p99 by rows and connections.

The server is NVIDIA's, its ONNX Runtime backend is the stand-in of the project's tests: a Python
process for each instance. NVIDIA's own is faster, so Triton's numbers are what it does at least.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from measure import table
from servers import free_port, running, two_cores
from serving_subjects import model_of, programs
from triton_load import Load, Question, demand, load
from triton_questions import over_bytes, over_grpc, over_http, over_json

MODEL = "digits"
FAST = "TensorrtExecutionProvider"
Ask = Callable[[int, int], Load]
"""Rows and connections in, what came out."""


class Lab:
    """The project, its newest model, two cores and how long each number takes."""

    def __init__(self, project: Path, seconds: int) -> None:
        self.project, self.seconds = project, seconds
        self.programs, self.model = programs(project), model_of(project)
        self.server_core, self.client_core = two_cores()

    def asks(self, question: Callable[[int], Question]) -> Ask:
        """A server, asked from the other core."""
        return lambda rows, connections: load(
            question(rows), connections, self.seconds, self.client_core
        )

    def alone(self, model: Path, *provider: str) -> Ask:
        """No server: threads of one process on the server's core."""
        where = provider or ("CPUExecutionProvider",)
        script = str(Path(__file__).with_name("triton_in_process.py"))

        def ask(rows: int, connections: int) -> Load:
            command = ["taskset", "--cpu-list", str(self.server_core)]
            command += [str(self.programs / "python"), script, str(model), str(rows)]
            command += [str(connections), str(self.seconds), *where]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            if done.returncode:
                raise SystemExit(done.stderr)
            return Load(**json.loads(done.stdout.splitlines()[-1]))

        return ask

    @contextmanager
    def service(self, **environment: str) -> Iterator[str]:
        """The project's own service on one core; its URL."""
        port = free_port()
        command = [str(self.programs / "serve"), "--port", str(port)]
        if "INFERENCE_BACKEND" not in environment:
            command += ["--model-file", str(self.model)]
        settings = {"PREDICTION_LOG_URL": "none", **environment}
        with running(
            "serve", command, port, "/health/ready", self.project, settings, self.server_core
        ) as server:
            yield server.url

    @contextmanager
    def triton(self, scratch: Path, quantised: Path) -> Iterator[Any]:
        """A server on one core with four models: as exported, unbatched, with 8 bits, both."""
        from triton_server import TritonServer, environment

        package = package_of(self.project)
        options = package("integrations.triton_options").ServingOptions
        model_kind = package("integrations.triton_model").ServedModel
        export = package("integrations.triton_repository").export
        served = package("schemas.model").ServedVersion(name=MODEL, version="1", run_id="bench")
        files = {MODEL: model_kind.onnx(self.model), "int8": model_kind.onnx(quantised)}
        for name, file in files.items():
            for suffix in ("", "-unbatched"):
                export(file, served, scratch / "models", options(f"{name}{suffix}"))
        for config in (scratch / "models").glob("*-unbatched/config.pbtxt"):
            config.write_text(without_batching(config.read_text()))
        python = environment(self.project / ".cache" / "triton-server")
        server = TritonServer(python, scratch / "models", scratch)
        # Children run where their parent did when they began.
        every = os.sched_getaffinity(0)
        os.sched_setaffinity(0, {self.server_core})
        try:
            server.start()
        finally:
            os.sched_setaffinity(0, every)
        try:
            for name in files:
                server.wait_for(name, 1)
                server.wait_for(f"{name}-unbatched", 1)
            yield server
        finally:
            server.stop()


def package_of(project: Path) -> Callable[[str], Any]:
    """Modules of the project's package, by their names below it."""
    import importlib

    (package,) = [path.name for path in (project / "src").iterdir() if (path / "cli").is_dir()]
    return lambda name: importlib.import_module(f"{package}.{name}")


def without_batching(text: str) -> str:
    """A configuration in which every request is run by itself."""
    from google.protobuf import text_format
    from tritonclient.grpc.model_config_pb2 import ModelConfig

    config = text_format.Parse(text, ModelConfig())
    config.ClearField("dynamic_batching")
    return text_format.MessageToString(config, as_utf8=True)


def answered(server: Any) -> int:
    """Requests that Triton has answered so far; a refused gRPC call looks like any other."""
    with server.client("grpc") as client:
        about = client.get_inference_statistics(as_json=True)["model_stats"]
    return sum(int(one["inference_stats"]["success"].get("count", 0)) for one in about)


def checked(server: Any, ask: Ask, seconds: int) -> Ask:
    """The same, ending where the server counts fewer answers than were measured."""

    def counting(rows: int, connections: int) -> Load:
        before = answered(server)
        found = ask(rows, connections)
        if answered(server) - before < found.rate * seconds:
            raise SystemExit("Triton refused requests.")
        return found

    return counting


def subjects(lab: Lab, stack: ExitStack, scratch: Path) -> dict[str, Ask]:
    """Everything that is compared, running."""
    quantised = scratch / "model.int8.onnx"
    package = package_of(lab.project)
    manifest = package("data.processed").load_manifest("digits")
    rows = package("data.processed").load_split(manifest, "train").features
    package("integrations.triton_int8").quantised(lab.model, rows, quantised)
    server = stack.enter_context(lab.triton(scratch, quantised))
    service = stack.enter_context(lab.service())

    def of_triton(question: Callable[[int], Question]) -> Ask:
        return checked(server, lab.asks(question), lab.seconds)

    found = {
        "ONNX Runtime in process": lab.alone(lab.model),
        "the same, 8 bits": lab.alone(quantised),
        "service, JSON": lab.asks(over_json(service)),
        "service, bytes": lab.asks(over_bytes(service)),
        "Triton, gRPC": of_triton(over_grpc(server, MODEL)),
        "Triton, HTTP": of_triton(over_http(server, MODEL)),
        "Triton, gRPC, no batching": of_triton(over_grpc(server, f"{MODEL}-unbatched")),
        "Triton, gRPC, 8 bits": of_triton(over_grpc(server, "int8")),
    }
    if any((lab.project / "src").glob("*/integrations/backends/triton.py")):
        behind = {"INFERENCE_BACKEND": "triton", "TRITON_URL": server.url("grpc")}
        front = stack.enter_context(lab.service(**behind, TRITON_MODEL_NAME=MODEL))
        found["service in front of Triton, JSON"] = lab.asks(over_json(front))
    return found


def on_gpu(lab: Lab, options: argparse.Namespace) -> None:
    """TensorRT below ONNX Runtime, in both precisions; or why there are no numbers."""
    import onnxruntime as ort

    if FAST not in ort.get_available_providers():
        print(f"\nNo {FAST} in this ONNX Runtime: no numbers of a GPU.")
        return
    kinds = {
        "CUDA": ("CUDAExecutionProvider",),
        "TensorRT FP32": (FAST, "trt_fp16_enable=False"),
        "TensorRT FP16": (FAST, "trt_fp16_enable=True"),
    }
    measured({name: lab.alone(lab.model, *provider) for name, provider in kinds.items()}, options)


def measured(found: dict[str, Ask], options: argparse.Namespace) -> None:
    """A table for each number of rows."""
    for rows in options.rows:
        lines = []
        for name, ask in found.items():
            loads = [ask(rows, connections) for connections in options.connections]
            lines.append([name, *(f"{one.rate:,.0f} / {one.p99:.1f}" for one in loads)])
        header = [f"{rows} rows: requests/s / p99 ms", *(f"c = {n}" for n in options.connections)]
        print(f"\n{table(header, lines)}", flush=True)


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("project", type=Path, help="a baked project with Triton, pipeline run")
    parser.add_argument("--seconds", type=int, default=3, help="of each number")
    parser.add_argument("--rows", type=int, nargs="+", default=[1, 8, 32])
    parser.add_argument("--connections", type=int, nargs="+", default=[1, 8, 32, 64])
    options = parser.parse_args()
    project = options.project.resolve()
    python = programs(project) / "python"
    if Path(sys.prefix) != project / ".venv":  # the server's clients are the project's
        os.execv(python, [str(python), *sys.argv])
    demand()
    sys.path.insert(0, str(project / "tests" / "fixtures"))
    os.chdir(project)
    os.environ["PROJECT_ROOT"] = str(project)
    lab = Lab(project, options.seconds)
    with tempfile.TemporaryDirectory() as scratch, ExitStack() as stack:
        measured(subjects(lab, stack, Path(scratch)), options)
    on_gpu(lab, options)


if __name__ == "__main__":
    main()
