"""A training, a store, and what is found in it afterwards."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from {{ cookiecutter.package_name }} import PROJECT
from {{ cookiecutter.package_name }}.integrations.mlflow_tracker import MlflowTracker
from {{ cookiecutter.package_name }}.integrations.model_store import fetch, fetch_in_child
from {{ cookiecutter.package_name }}.integrations.registry import Registry
from {{ cookiecutter.package_name }}.schemas.errors import (
    ArtifactMismatch,
    ModelNotFound,
    TrackingUnavailable,
)
from {{ cookiecutter.package_name }}.utils.files import sha256_of

# MLflow's own use of SQLAlchemy; nothing here can change it.
pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SADeprecationWarning"),
]

_TRAINER = """
import sys, time
from {{ cookiecutter.package_name }}.integrations.mlflow_tracker import MlflowTracker
from {{ cookiecutter.package_name }}.schemas.dataset import Manifest
from {{ cookiecutter.package_name }}.training.tracking import RunStart

tracker = MlflowTracker(sys.argv[1])
manifest = Manifest.model_validate_json(open(sys.argv[2]).read())
tracker.start(RunStart("doomed", {}, {}, manifest))
tracker.confirm()
print("open", flush=True)
time.sleep(600)
"""


def _statuses(project: Path) -> list[str]:
    with sqlite3.connect(project / "mlflow.db") as database:
        rows = database.execute("select status from runs").fetchall()
    database.close()
    return [status for (status,) in rows]


def test_a_registered_version_carries_its_whole_origin(store, project, register, customers):
    from mlflow import MlflowClient

    served = register(store)

    client = MlflowClient(store, store)
    run = client.get_run(served.run_id)
    version = client.get_model_version_by_alias(PROJECT, "dev")
    experiment = client.get_experiment_by_name(PROJECT)
    files = {file.path for file in client.list_artifacts(served.run_id)}
    (data,) = run.inputs.dataset_inputs
    losses = client.get_metric_history(served.run_id, "train/loss")
    assert (run.info.status, str(version.version)) == ("FINISHED", served.version)
    assert version.run_id == served.run_id
    assert run.data.tags["mlflow.source.git.commit"] == "abc123"
    assert len(run.data.params) == 120
    assert [(entry.step, entry.value) for entry in losses] == [(0, 1), (1, 0.5), (2, 1 / 3)]
    assert (data.dataset.name, data.dataset.digest) == ("customers", customers.digest[:36])
    assert files == {"config.yaml", "figures", "reference.parquet"}
    assert version.tags["data_digest"] == customers.digest
    assert version.tags["lifecycle"] == "dev"
    assert experiment.artifact_location == (project / "mlartifacts").as_uri()


def test_a_fetched_model_is_the_registered_one_and_is_kept(store, register, run_folder, project):
    served = register(store)

    first = fetch_in_child(PROJECT, "dev")
    again = fetch(PROJECT, served.version)

    assert first.served == served
    assert first.path == project / ".cache" / "models" / PROJECT / "1" / "model.onnx"
    assert sha256_of(first.path) == sha256_of(run_folder / "model.onnx")
    assert again.path == first.path
    assert again.served.alias is None


def test_a_kept_file_that_is_not_the_version_is_fetched_again(store, register, run_folder):
    register(store)
    kept = fetch(PROJECT, "dev").path
    kept.write_bytes(b"of another store")

    fetched = fetch(PROJECT, "dev")

    assert sha256_of(fetched.path) == sha256_of(run_folder / "model.onnx")


def test_a_stored_file_that_was_changed_is_refused(store, register, project):
    register(store)
    (stored,) = project.glob("mlartifacts/models/*/artifacts/model.onnx")
    stored.write_bytes(b"something else")

    with pytest.raises(ArtifactMismatch, match=r"was changed; train and register again\.$"):
        fetch_in_child(PROJECT, "dev")

    stored.unlink()
    with pytest.raises(ArtifactMismatch, match="there is no such file"):
        fetch(PROJECT, "dev")
    assert not list(project.glob(".cache/models/**/model.onnx"))


def test_what_is_not_there_is_named_together_with_what_is(store, register):
    register(store)

    with pytest.raises(ModelNotFound, match=r"dev \(version 1\).*`promote --to staging` puts"):
        fetch(PROJECT, "prod")
    with pytest.raises(ModelNotFound, match="no version 7; the newest is version 1"):
        fetch(PROJECT, "7")
    with pytest.raises(ModelNotFound, match="no registered model 'other'"):
        fetch("other", "dev")


@pytest.mark.filterwarnings("ignore:.*Any type hint is inferred")  # MLflow's own, at its import
def test_the_version_is_an_mlflow_model_with_named_tensors(store, register):
    register(store)
    Registry(PROJECT, store).aliases()  # points MLflow at the store

    import mlflow.pyfunc

    model = mlflow.pyfunc.load_model(f"models:/{PROJECT}@dev")
    rows = {
        "numeric": np.array([[80, 1], [20, 1]], dtype=np.float32),
        "categorical": np.array([["Bergen"], ["Bergen"]]),
    }
    answers = model.predict(rows)

    inputs = {spec.name: (spec.type, spec.shape) for spec in model.metadata.signature.inputs}
    assert inputs == {
        "numeric": (np.dtype("float32"), (-1, 2)),
        "categorical": (np.dtype("str"), (-1, 1)),
    }
    assert model.input_example["numeric"].shape == (2, 2)
    assert list(answers["label"]) == ["yes", "no"]


def test_a_run_whose_trainer_was_killed_is_closed_as_killed(store, project, customers):
    manifest = project / "data" / "processed" / "customers" / "manifest.json"
    trainer = subprocess.Popen(
        [sys.executable, "-c", _TRAINER, store, str(manifest)], stdout=subprocess.PIPE, text=True
    )
    with trainer:
        assert trainer.stdout.readline() == "open\n"
        assert _statuses(project) == ["RUNNING"]

        os.kill(trainer.pid, signal.SIGKILL)

    patience = time.monotonic() + 60
    while _statuses(project) == ["RUNNING"] and time.monotonic() < patience:
        time.sleep(0.05)
    assert _statuses(project) == ["KILLED"]


def test_a_worker_that_dies_is_one_sentence(store, run_start, run_folder):
    tracker = MlflowTracker(store)
    tracker.start(run_start)
    tracker.confirm()

    began = time.monotonic()
    os.kill(tracker.worker, signal.SIGKILL)
    with pytest.raises(TrackingUnavailable, match="the worker ended") as caught:
        tracker.register(run_folder)
    tracker.close("FAILED")

    assert "\n" not in str(caught.value)
    assert time.monotonic() - began < 60


def test_an_unreachable_server_is_one_sentence_soon(project, run_start):
    began = time.monotonic()
    tracker = MlflowTracker("http://someone:secret@127.0.0.1:9")
    tracker.start(run_start)

    with pytest.raises(TrackingUnavailable) as caught:
        tracker.confirm()
    tracker.close("FAILED")

    assert "'http://…@127.0.0.1:9' cannot be used (connection refused)" in str(caught.value)
    assert "\n" not in str(caught.value)
    assert time.monotonic() - began < 60
    assert not (project / "mlflow.db").exists()
