"""Models in a real store: MLflow keeps them there, and every command finds them again."""

import os
from collections.abc import Iterator
from contextlib import ExitStack

import pyarrow.parquet as pq
import pytest
from mlflow_server import mlflow_server

from {{ cookiecutter.package_name }} import PROJECT
from {{ cookiecutter.package_name }}.cli.evaluate import main as evaluate
from {{ cookiecutter.package_name }}.cli.predict import main as predict
from {{ cookiecutter.package_name }}.cli.promote import main as promote
from {{ cookiecutter.package_name }}.cli.train import main as train
from {{ cookiecutter.package_name }}.integrations.mlflow_client import connect
from {{ cookiecutter.package_name }}.integrations.model_store import cached_path, fetch_in_child
from {{ cookiecutter.package_name }}.schemas.errors import ArtifactMismatch
from {{ cookiecutter.package_name }}.utils.files import sha256_of
from {{ cookiecutter.package_name }}.utils.paths import processed_dir
from {{ cookiecutter.package_name }}_api.models.loading import load_model
from {{ cookiecutter.package_name }}_api.settings import Settings

# MLflow 3.17 on SQLAlchemy 2.1, where a test asks the store itself.
pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SADeprecationWarning"),
    pytest.mark.usefixtures("training_in_process"),
]
BUCKET = "real-estate"


@pytest.fixture
def artifacts(store, monkeypatch) -> str:
    """Where files are to be kept; MLflow has a variable of its own for a store that is not AWS."""
    monkeypatch.setenv("MLFLOW_S3_ENDPOINT_URL", store.url)
    return f"s3://{BUCKET}/mlflow"


@pytest.fixture
def database(project, artifacts, new_store, monkeypatch) -> str:
    """A database whose experiment keeps its files in S3, made as the page says."""
    path = project / "own.db"
    path.write_bytes(new_store.read_bytes())
    uri = f"sqlite:///{path}"
    connect(uri).create_experiment(PROJECT, f"{artifacts}/database")
    monkeypatch.setenv("MLFLOW_TRACKING_URI", uri)
    return uri


@pytest.fixture
def server(project, artifacts, tmp_path, monkeypatch) -> Iterator[str]:
    """A server that tells its clients to keep files in S3, and has no part in it."""
    with ExitStack() as running:
        with monkeypatch.context() as bare:
            for name in [name for name in os.environ if name.startswith("AWS_")]:
                bare.delenv(name)
            database = f"sqlite:///{tmp_path / 'server.db'}"
            uri = running.enter_context(mlflow_server(tmp_path, database, f"{artifacts}/server"))
        monkeypatch.setenv("MLFLOW_TRACKING_URI", uri)
        yield uri


def kept(boto, below: str) -> set[str]:
    """The names of the files below a folder of the bucket."""
    found = boto.list_objects_v2(Bucket=BUCKET, Prefix=f"mlflow/{below}/")["Contents"]
    return {entry["Key"].rpartition("/")[2] for entry in found}


def test_a_model_goes_from_training_to_production_and_is_found_by_all(
    prepared, database, project, boto, runs, capsys
):
    small = ["data.name=homes", "data.target=???", "model=baseline"]

    assert train(small) == 0
    assert evaluate([]) == 0
    assert promote(["--to", "staging"]) == 0
    assert promote(["--to", "prod"]) == 0

    (folder,) = runs()
    assert {"model.onnx", "MLmodel", "metrics.json"} <= kept(boto, "database")
    assert not (project / "mlartifacts").exists()
    rows, scored = processed_dir("homes") / "test.parquet", project / "scored.parquet"
    assert predict([str(rows), str(scored)]) == 0
    assert pq.read_table(scored).num_rows == 20
    served = load_model(Settings())
    assert (served.version.alias, served.version.version) == ("prod", "1")
    assert sha256_of(cached_path(PROJECT, "1")) == sha256_of(folder / "model.onnx")


def test_a_model_that_was_altered_there_is_not_served(
    database, register, run_folder, boto, project
):
    register(database)
    found = boto.list_objects_v2(Bucket=BUCKET, Prefix="mlflow/database/")["Contents"]
    last = max(found, key=lambda entry: (entry["Key"].endswith(".onnx"), entry["LastModified"]))
    body = (run_folder / "model.onnx").read_bytes()[:-1] + b"?"
    boto.put_object(Bucket=BUCKET, Key=last["Key"], Body=body)

    with pytest.raises(ArtifactMismatch, match=r"s3://.*was registered: the stored file was chang"):
        fetch_in_child(PROJECT, "dev")


def test_a_server_may_say_where_files_are_kept(server, register, run_folder, boto):
    register("sqlite:///not-used.db")

    fetched = fetch_in_child(PROJECT, "dev")

    assert "model.onnx" in kept(boto, "server")
    assert sha256_of(fetched.path) == sha256_of(run_folder / "model.onnx")
