import os
import socket
import subprocess
import sys

import pytest

from {{ cookiecutter.package_name }}.schemas.errors import ConfigError
from {{ cookiecutter.package_name }}_api import workers
from {{ cookiecutter.package_name }}_api.settings import Settings, read_settings
from {{ cookiecutter.package_name }}_api.workers import environment_of

_COUNTING = """
import sys
from {{ cookiecutter.package_name }}_api.metrics import Metrics
metrics = Metrics()
metrics.count_rows(int(sys.argv[1]))
metrics.show_in_progress(int(sys.argv[1]))
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
    def count(rows: int) -> str:
        return subprocess.run(
            [sys.executable, "-c", _COUNTING, str(rows)],
            env=os.environ | {"PROMETHEUS_MULTIPROC_DIR": str(tmp_path)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout

    first, second = count(2), count(3)

    assert "predicted_rows_total 2.0" in first
    assert "predicted_rows_total 5.0" in second
    assert "http_requests_in_progress 3.0" in second
