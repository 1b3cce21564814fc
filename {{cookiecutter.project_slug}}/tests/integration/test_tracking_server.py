"""The same through HTTP: a real `mlflow server` keeps runs, files and versions."""

import os
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from {{ cookiecutter.package_name }} import PROJECT
from {{ cookiecutter.package_name }}.cli.evaluate import main as evaluate
from {{ cookiecutter.package_name }}.cli.promote import main as promote
from {{ cookiecutter.package_name }}.integrations.model_store import fetch_in_child
from {{ cookiecutter.package_name }}.schemas.errors import ModelNotFound
from {{ cookiecutter.package_name }}.utils.files import sha256_of

_EXECUTABLE = os.environ.get("MLFLOW_SERVER")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        _EXECUTABLE is None,
        reason="the full mlflow, which is no dependency, is needed: `uv tool install mlflow`, "
        "then MLFLOW_SERVER=$(which mlflow)",
    ),
]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _await(uri: str, server: subprocess.Popen, log: Path) -> None:
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    patience = time.monotonic() + 120
    while time.monotonic() < patience:
        assert server.poll() is None, log.read_text()
        try:
            direct.open(f"{uri}/health", timeout=2).close()
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
        else:
            return
    raise AssertionError(f"no answer from {uri}: {log.read_text()}")


@pytest.fixture(scope="module")
def server(tmp_path_factory) -> Iterator[str]:
    """Address of an MLflow server with an empty database that passes files on."""
    folder, port = tmp_path_factory.mktemp("server"), _free_port()
    uri, log = f"http://127.0.0.1:{port}", folder / "log"
    command = [_EXECUTABLE, "server", "--host", "127.0.0.1", "--port", str(port), "--workers", "1"]
    command += ["--backend-store-uri", f"sqlite:///{folder / 'server.db'}", "--serve-artifacts"]
    command += ["--artifacts-destination", str(folder / "files")]
    clean = {key: value for key, value in os.environ.items() if not key.startswith("MLFLOW_")}
    with log.open("w") as stream:
        running = subprocess.Popen(
            command, stdout=stream, stderr=stream, env=clean, start_new_session=True
        )
        try:
            _await(uri, running, log)
            yield uri
        finally:
            os.killpg(running.pid, 15)
            running.wait(30)


def test_a_server_replaces_the_local_store(server, project, register, run_folder, monkeypatch):
    monkeypatch.setenv("MLFLOW_TRACKING_URI", server)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with pytest.raises(ModelNotFound, match="run `pipeline` first"):
        fetch_in_child(PROJECT, "dev")

    served = register("sqlite:///not-used.db")
    codes = [evaluate([]), promote(["--to", "staging"]), promote(["--to", "prod"])]
    fetched = fetch_in_child(PROJECT, "prod")

    assert codes == [0, 0, 0]
    assert fetched.served == served.model_copy(update={"alias": "prod"})
    assert sha256_of(fetched.path) == sha256_of(run_folder / "model.onnx")
    assert not list(project.glob("*.db"))
    assert not (project / "mlartifacts").exists()
