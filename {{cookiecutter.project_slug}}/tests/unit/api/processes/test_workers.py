import os
import socket
import subprocess
import sys
from dataclasses import replace
from typing import ClassVar

import pytest

from {{ cookiecutter.package_name }}.schemas.errors import ConfigError, ServiceError
from {{ cookiecutter.package_name }}_api.processes import workers
from {{ cookiecutter.package_name }}_api.processes.worker import NOT_STARTED
from {{ cookiecutter.package_name }}_api.processes.workers import environment_of
from {{ cookiecutter.package_name }}_api.settings import Settings, read_settings

_COUNTING = """
import sys
from {{ cookiecutter.package_name }}_api.observing.metrics import Metrics
metrics = Metrics()
for _ in range(int(sys.argv[1])):
    metrics.requests.count(("GET", "/health", 200), 0.001)
metrics.requests.in_progress = int(sys.argv[1])
print(metrics.page().decode())
"""


@pytest.mark.parametrize(
    "settings",
    [
        Settings(),
        Settings(
            allowed_hosts="a.example, b.example",
            model_path="model.onnx",
            web_concurrency=4,
            model_poll_seconds=0.5,
        ),
    ],
)
def test_a_process_reads_the_settings_of_the_one_that_started_it(settings, monkeypatch):
    monkeypatch.setenv("MODEL_PATH", "another.onnx")
    monkeypatch.setenv("MLFLOW_MODEL_VERSION", "7")

    for name, value in environment_of(settings).items():
        monkeypatch.setenv(name, value)

    assert read_settings() == settings


def test_processes_that_cannot_share_a_socket_are_one_sentence(monkeypatch):
    monkeypatch.setattr(workers.os, "name", "nt")

    with socket.socket() as listener, pytest.raises(ConfigError, match="than Windows"):
        workers.run(Settings(web_concurrency=2), listener)


def test_what_a_dead_process_counted_stays_and_what_it_was_doing_does_not(tmp_path):
    def count(requests: int) -> str:
        return subprocess.run(
            [sys.executable, "-c", _COUNTING, str(requests)],
            env=os.environ | {"PROMETHEUS_MULTIPROC_DIR": str(tmp_path)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout

    first, second = count(2), count(3)

    counted = 'http_requests_total{method="GET",route="/health",status="200"}'
    assert f"{counted} 2.0" in first
    assert f"{counted} 5.0" in second
    assert "http_requests_in_progress 3.0" in second


class Process:
    """Stands for a process; it ends with `code`, or lives where that is None."""

    code: int | None = 3
    started: ClassVar[list[list[str]]] = []

    def __init__(self, command, **_) -> None:
        self.started.append(command)
        self.pid, self.returncode, self.stdin = 1, self.code, None

    def poll(self):
        return self.returncode

    def wait(self, *_):
        return self.returncode

    def terminate(self):
        self.returncode = 0

    kill = terminate


@pytest.fixture
def processes(monkeypatch) -> type[Process]:
    class Started(Process):
        started: ClassVar[list[list[str]]] = []

    monkeypatch.setattr(workers.subprocess, "Popen", Started)
    monkeypatch.setattr(workers, "_PAUSE_SECONDS", 0.0)
    return Started


def test_processes_that_cannot_start_end_the_service_with_a_sentence(processes):
    with (
        socket.socket() as listener,
        pytest.raises(ServiceError, match=r"5 processes .* with exit code 3"),
    ):
        workers.run(Settings(web_concurrency=2), listener)

    assert len(processes.started) == 2 + 4


def test_one_that_cannot_start_beside_others_that_live_is_tried_on(processes, monkeypatch):
    monkeypatch.setattr(workers, "_STEADY_SECONDS", 0.0)
    with socket.socket() as listener:
        crew = workers.Workers(Settings(web_concurrency=2), listener, "")
        crew._running[0].returncode = None

        assert all(crew._failed(1, NOT_STARTED) for _ in range(20))
        crew._running[0].returncode = 9
        with pytest.raises(ServiceError):
            crew._failed(1, NOT_STARTED)


def test_a_stop_lets_nobody_in_whom_no_process_would_answer(processes, monkeypatch):
    open_then = []
    with socket.socket() as listener:
        crew = workers.Workers(Settings(web_concurrency=2), listener, "")
        monkeypatch.setattr(processes, "terminate", lambda _: open_then.append(listener.fileno()))
        crew.stop()

    assert open_then == [-1, -1]


@pytest.mark.parametrize("trouble", [None, "The server is away."])
def test_processes_are_told_that_the_kept_copy_is_served(processes, served, trouble):
    with socket.socket() as listener:
        parent = replace(served, trouble=trouble)
        workers.Workers(Settings(), listener, "", parent)

    (command,) = processes.started
    told = [] if trouble is None else [str(served.loaded_at.timestamp()), trouble]
    assert command[command.index("-m") + 3 :] == told
