"""A small data set, a model of it, and MLflow stores to put that model into."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnx
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from golden_rows import write_golden

from {{ cookiecutter.package_name }} import PROJECT
from {{ cookiecutter.package_name }}.data.processed import digest_of
from {{ cookiecutter.package_name }}.integrations import registering
from {{ cookiecutter.package_name }}.integrations.mlflow_tracker import MlflowTracker
from {{ cookiecutter.package_name }}.integrations.recording import Recording
from {{ cookiecutter.package_name }}.schemas.dataset import SPLITS, DataFile, Manifest
from {{ cookiecutter.package_name }}.schemas.model import METADATA_KEY, ModelInfo, ServedVersion
from {{ cookiecutter.package_name }}.training.tracking import RunStart
from {{ cookiecutter.package_name }}.utils.files import sha256_of
from {{ cookiecutter.package_name }}.utils.paths import processed_dir

_NEW_STORE = """
import sys
from {{ cookiecutter.package_name }}.integrations.mlflow_client import connect
connect(sys.argv[1]).search_experiments()
"""


@pytest.fixture(scope="session")
def new_store(tmp_path_factory) -> Path:
    """An MLflow database without content: making one takes longer than the tests that use it."""
    path = tmp_path_factory.mktemp("store") / "mlflow.db"
    subprocess.run([sys.executable, "-c", _NEW_STORE, f"sqlite:///{path}"], check=True)
    return path


@pytest.fixture
def store(project: Path, new_store: Path) -> str:
    """The address of an empty MLflow store at the project root, where commands look for it."""
    shutil.copy(new_store, project / "mlflow.db")
    return f"sqlite:///{project / 'mlflow.db'}"


@pytest.fixture
def customers(project: Path, mixed_schema) -> Manifest:
    """`customers`, prepared: 20 rows a split that `tiny_model` answers rightly."""
    draws, folder, files = np.random.default_rng(5), processed_dir("customers"), {}
    folder.mkdir(parents=True)
    for split in SPLITS:
        age = np.concatenate([draws.uniform(18, 45, 10), draws.uniform(55, 90, 10)])
        table = pa.table(
            {
                "age": age,
                "city": ["Bergen"] * 20,
                "income": draws.uniform(1, 9, 20),
                "bought": ["no"] * 10 + ["yes"] * 10,
            }
        )
        pq.write_table(table, folder / f"{split}.parquet")
        digest = sha256_of(folder / f"{split}.parquet")
        files[split] = DataFile(path=f"{split}.parquet", rows=20, sha256=digest)
    manifest = Manifest(
        name="customers",
        source="made up",
        version="1",
        rows=60,
        data_schema=mixed_schema,
        files=files,
        digest=digest_of(mixed_schema, files),
    )
    (folder / "manifest.json").write_text(manifest.model_dump_json())
    return manifest


@pytest.fixture
def run_folder(tmp_path: Path, tiny_model: Path, customers: Manifest) -> Path:
    """What a training of `customers` leaves behind."""
    folder = tmp_path / "run"
    (folder / "figures").mkdir(parents=True)
    graph = onnx.load(tiny_model)
    info = ModelInfo.model_validate_json(graph.metadata_props[0].value)
    described = info.model_copy(update={"data_digest": customers.digest})
    onnx.helper.set_model_props(graph, {METADATA_KEY: described.model_dump_json()})
    onnx.save_model(graph, folder / "model.onnx")
    write_golden(folder)
    shutil.copy(processed_dir("customers") / "train.parquet", folder / "reference.parquet")
    (folder / "config.yaml").write_text("seed: 7\n")
    (folder / "run.json").write_text("{}")
    (folder / "figures" / "loss.svg").write_text("<svg/>")
    return folder


@pytest.fixture
def run_start(customers: Manifest) -> RunStart:
    """A run of `customers` about to begin."""
    tags = {
        "project": "{{ cookiecutter.package_name }}",
        "data_name": "customers",
        "git_sha": "abc123",
    }
    params = {f"model.layer_{number}": "x" * number for number in range(0, 1200, 10)}
    return RunStart("tiny-customers", tags, params, customers)


@pytest.fixture
def register(run_start: RunStart, run_folder: Path) -> Callable[[str], ServedVersion]:
    """Trains nothing, but records a run with three epochs in a store and registers its model."""

    def record(uri: str) -> ServedVersion:
        tracker = MlflowTracker(uri)
        tracker.start(run_start)
        for epoch in range(3):
            tracker.log_metrics({"train/loss": 1 / (epoch + 1)}, epoch)
        served = tracker.register(run_folder)
        tracker.close("FINISHED")
        return served

    return record


@pytest.fixture
def registered(store, run_start, run_folder) -> Callable[[int], None]:
    """Registers so many versions of the model, in this process: several times as fast."""

    def record(versions: int, uri: str = store) -> None:
        for _ in range(versions):
            recording = Recording(uri, PROJECT)
            recording.open(run_start.name, run_start.tags, {}, run_start.dataset)
            registering.register(recording, run_folder)
            recording.close("FINISHED")

    return record


@pytest.fixture
def runs(project: Path) -> Callable[[], list[Path]]:
    """The folders of all trainings so far, the oldest first."""
    return lambda: sorted(path.parent for path in (project / "outputs").glob("**/run.json"))


@pytest.fixture
def weights_of() -> Callable[[Path], bytes]:
    """The constants of a run's served graph, without its description, which tells metrics."""

    def read(folder: Path) -> bytes:
        constants = onnx.load(folder / "model.onnx").graph.initializer
        return b"".join(constant.SerializeToString() for constant in constants)

    return read


@pytest.fixture
def training_in_process(logging_restored, monkeypatch) -> None:
    """`train` sets up logging and arguments for its process, which the tests share."""
    monkeypatch.setattr(sys, "argv", sys.argv)
    monkeypatch.delenv("HYDRA_FULL_ERROR", raising=False)
