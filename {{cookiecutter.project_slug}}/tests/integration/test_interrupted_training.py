"""Trainings that are stopped, and what the same command does then."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from {{ cookiecutter.package_name }} import PROJECT
from {{ cookiecutter.package_name }}.cli.train import main
from {{ cookiecutter.package_name }}.integrations.mlflow_client import connect
from {{ cookiecutter.package_name }}.training.runs import read_record

pytestmark = [
    pytest.mark.slow,
    # MLflow 3.17 on SQLAlchemy 2.1, where a test asks the store itself.
    pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SADeprecationWarning"),
    pytest.mark.usefixtures("training_in_process"),
]
SMALL = ["data.name=shapes", "data.target=???"]


def _train_in_a_process(project: Path, overrides: list[str]) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", f"{PROJECT}.cli.train", *overrides],
        cwd=project,
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PROJECT_ROOT": str(project)},
    )


def _until_epoch(process: subprocess.Popen[str], number: int) -> None:
    assert process.stderr is not None
    for line in process.stderr:
        if line.startswith(f"epoch {number}/"):
            return
    raise AssertionError(f"epoch {number} never came: {process.wait()}")


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGINT for one process")
def test_ctrl_c_ends_with_a_message_and_the_same_command_goes_on(prepared, project, runs):
    long = [*SMALL, "trainer.max_epochs=3000"]
    process = _train_in_a_process(project, long)
    _until_epoch(process, 5)

    process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=120)

    assert process.returncode == 130
    assert "Traceback" not in told
    assert "The same command goes on from the last epoch." in told
    (folder,) = runs()
    record = read_record(folder)
    assert record.status == "KILLED"
    client = connect(f"sqlite:///{project / 'mlflow.db'}")
    assert client.get_run(record.mlflow_run_id).info.status == "KILLED"

    resumed = _train_in_a_process(project, long)
    _until_epoch(resumed, 6)
    resumed.send_signal(signal.SIGINT)
    resumed.communicate(timeout=120)

    assert resumed.returncode == 130
    assert len(runs()) == 2  # the second is a record that points at the first
    assert read_record(runs()[-1]).went_on_in == str(folder)


def test_a_run_that_was_killed_outright_ends_where_the_uninterrupted_one_does(
    prepared, project, runs, weights_of
):
    overrides = [*SMALL, "trainer.max_epochs=120", "mlflow.enabled=false"]
    process = _train_in_a_process(project, overrides)
    _until_epoch(process, 3)
    process.kill()
    process.communicate()
    (folder,) = runs()
    assert read_record(folder).status == "RUNNING"

    assert main(overrides) == 0
    assert main([*overrides, "resume=never"]) == 0

    finished = [path for path in runs() if (path / "model.onnx").is_file()]
    assert len(finished) == 2
    assert weights_of(finished[0]) == weights_of(finished[1])
