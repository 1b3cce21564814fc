"""The service in front of a real Triton server: it follows its version, and outlives it."""

import json
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from typing import Any

import pyarrow as pa
import pytest
from pyarrow import csv
from running_service import running_service
from triton_graphs import version
from triton_server import TritonServer

from {{ cookiecutter.package_name }} import PROJECT
from {{ cookiecutter.package_name }}.cli.evaluate import main as evaluate
from {{ cookiecutter.package_name }}.cli.export_triton import main as export_triton
from {{ cookiecutter.package_name }}.cli.predict import main as predict
from {{ cookiecutter.package_name }}.integrations.triton_options import ServingOptions
from {{ cookiecutter.package_name }}.integrations.triton_repository import export

pytestmark = [
    pytest.mark.slow,
    # MLflow 3.17 on SQLAlchemy 2.1, and at its import, where a test registers in this process.
    pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SADeprecationWarning"),
    pytest.mark.filterwarnings("ignore:.*Any type hint is inferred"),
]

ROWS = [[60, "Oslo", 1.5], [20, None, 2]]
EVENTUALLY_SECONDS = 60.0


def ask(url: str, path: str, content: object = None) -> tuple[int, Any]:
    """Status and body."""
    body = None if content is None else json.dumps(content).encode()
    request = urllib.request.Request(url + path, body, {"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, json.loads(answer.read())
    except urllib.error.HTTPError as refusal:
        with refusal:
            return refusal.code, json.loads(refusal.read())


def eventually(happens: Callable[[], bool]) -> None:
    until = time.monotonic() + EVENTUALLY_SECONDS
    while not happens():
        assert time.monotonic() < until
        time.sleep(0.1)


class Asker:
    """Asks again and again in a thread of its own; keeps what came."""

    def __init__(self, url: str) -> None:
        self.answers: list[tuple[int, Any]] = []
        self._url, self._stop = url, threading.Event()
        self._thread = threading.Thread(target=self._ask)
        self._thread.start()

    def _ask(self) -> None:
        while not self._stop.is_set():
            self.answers.append(ask(self._url, "/v1/predict", {"inputs": ROWS}))

    def versions(self) -> list[str]:
        return [body["model"]["version"] for _, body in self.answers]

    def stop(self) -> None:
        self._stop.set()
        self._thread.join()


@pytest.fixture
def triton(server_python, tiny_model, tmp_path) -> Iterator[TritonServer]:
    """A server that polls, and may be stopped, with version 3 of the project's model."""
    repository = tmp_path / "repository"
    export(tiny_model, version(3), repository, ServingOptions(PROJECT))
    polling = ("--model-control-mode=poll", "--repository-poll-secs=1")
    running = TritonServer(server_python, repository, tmp_path, *polling)
    running.start()
    running.wait_for(PROJECT, version=3)
    yield running
    running.stop()


@pytest.mark.parametrize("protocol", ["grpc", "http"])
def test_the_service_follows_triton_and_outlives_it(triton, tiny_model, project, protocol):
    variables = {"INFERENCE_BACKEND": "triton", "TRITON_URL": triton.url(protocol)}
    with running_service(**variables, TRITON_TIMEOUT_SECONDS="2") as service:
        url = service.url
        status, answer = ask(url, "/v1/predict", {"inputs": ROWS})
        assert (status, answer["predictions"]) == (200, ["yes", "no"])
        described = ask(url, "/v1/model")[1]
        told = [described[key] for key in ("backend", "origin", "version", "run_id")]
        assert told == ["triton", "server", "3", "run-3"]
        assert ask(url, "/health/ready")[1]["checks"]["triton"] == "ok"

        asker = Asker(url)
        export(tiny_model, version(4), triton.repository, ServingOptions(PROJECT))
        eventually(lambda: asker.versions()[-1:] == ["4"])
        asker.stop()
        assert {status for status, _ in asker.answers} == {200}
        assert asker.versions() == sorted(asker.versions())
        assert set(asker.versions()) == {"3", "4"}

        triton.stop()
        eventually(lambda: ask(url, "/health/ready")[0] == 503)
        status, refusal = ask(url, "/v1/predict", {"inputs": ROWS})
        assert (status, refusal["title"]) == (503, "Service Unavailable")
        assert refusal["detail"].startswith(f"There is no Triton server at {triton.url(protocol)}")
        assert ask(url, "/v2/health/ready")[0] == 503
        assert ask(url, "/health/live")[0] == 200

        triton.start()
        eventually(lambda: ask(url, "/health/ready")[0] == 200)
        status, answer = ask(url, "/v1/predict", {"inputs": ROWS})
        assert (status, answer["model"]["version"]) == (200, "4")


def test_commands_have_triton_run_the_version_that_they_name(
    server, registered, project, monkeypatch, capsys
):
    registered(2)
    options = ["--repository", str(server.repository), "--model-name", "commands"]
    assert export_triton(["--version", "1", *options]) == 0
    server.wait_for("commands", version=1)
    for name, value in {
        "INFERENCE_BACKEND": "triton",
        "TRITON_URL": server.url("grpc"),
        "TRITON_MODEL_NAME": "commands",
    }.items():
        monkeypatch.setenv(name, value)
    table = pa.table({"age": [60.0, 20.0], "city": ["Oslo", None], "income": [1.5, 2.0]})
    csv.write_csv(table, project / "rows.csv")

    codes = [predict(["rows.csv", "scored.csv", "--version", "1"]), evaluate(["--version", "1"])]
    refused = predict(["rows.csv", "other.csv", "--version", "2"])

    assert codes == [0, 0]
    assert csv.read_csv(project / "scored.csv")["prediction"].to_pylist() == ["yes", "no"]
    assert refused == 4
    assert "serves version 1 of" in capsys.readouterr().err
    with server.client("grpc") as client:
        about = client.get_inference_statistics("commands", as_json=True)["model_stats"][0]
    assert int(about["inference_count"]) >= 22
