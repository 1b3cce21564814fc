"""A trained model becomes a version: one ONNX graph with signature, example and provenance."""

import shutil
import tempfile
from collections.abc import Mapping
from importlib.metadata import version as installed
from pathlib import Path
from typing import TYPE_CHECKING, Any

from {{ cookiecutter.package_name }}.integrations.mlflow_client import answering
from {{ cookiecutter.package_name }}.integrations.recording import Recording
from {{ cookiecutter.package_name }}.integrations.versions import (
    DIGEST_TAGS,
    LIFECYCLE_TAG,
    SHA256_TAG,
)
from {{ cookiecutter.package_name }}.schemas.errors import ArtifactMismatch, TrackingUnavailable
from {{ cookiecutter.package_name }}.schemas.model import (
    GOLDEN_FILE,
    METADATA_KEY,
    ModelInfo,
    ServedVersion,
)
from {{ cookiecutter.package_name }}.training.card import DATASET
from {{ cookiecutter.package_name }}.utils.files import sha256_of

if TYPE_CHECKING:
    import onnx
    from mlflow.models import Model, ModelSignature

ALIAS = "dev"
_FILE = "model.onnx"
_SAMPLE = "reference.parquet"
_EXAMPLE_ROWS = 2
_REQUIRED = ("numpy", "onnx", "onnxruntime", "pandas")
_ORIGIN = (DATASET, "config.yaml")
"""What the version was made of stays with it, when its run is deleted, too."""
_NOT_ARTIFACTS = frozenset({_FILE, GOLDEN_FILE, "run.json", "run.lock"})
"""The version carries the model and its golden rows; the others are about this machine's copy."""


def register(recording: Recording, folder: Path) -> ServedVersion:
    """Store the run folder's files, and its model as a version with alias `dev`; read it back."""
    recording.flush()
    recording.log_files(folder, left_out=_NOT_ARTIFACTS)
    run_id = recording.run_id
    if run_id is None:
        raise TrackingUnavailable("There is no open run to register a model from.")
    digests = {tag: sha256_of(folder / file) for file, tag in DIGEST_TAGS.items()}
    tags = {**recording.tags, **digests, LIFECYCLE_TAG: ALIAS}
    with answering(recording.uri):
        model_id = _log_model(recording, run_id, folder)
        number = _create_version(recording, model_id, tags)
        recording.client.set_registered_model_alias(recording.project, ALIAS, number)
        _read_back(recording, number, model_id, digests[SHA256_TAG])
    return ServedVersion(name=recording.project, version=number, alias=ALIAS, run_id=run_id)


def _log_model(recording: Recording, run_id: str, folder: Path) -> str:
    """Store the model as MLflow keeps models, linked with the run; its id."""
    from mlflow.entities import LoggedModelOutput
    from mlflow.models import Model

    client = recording.client
    experiment = client.get_run(run_id).info.experiment_id
    logged = client.create_logged_model(
        experiment, name="model", source_run_id=run_id, tags=recording.tags
    )
    described = Model(
        artifact_path=logged.artifact_location,
        run_id=run_id,
        model_uuid=logged.model_id,
        model_id=logged.model_id,
    )
    with tempfile.TemporaryDirectory() as scratch:
        place = Path(scratch) / "model"
        _write(described, folder, place)
        client.log_model_artifacts(logged.model_id, str(place))
    client.finalize_logged_model(logged.model_id, "READY")
    client.log_outputs(run_id, [LoggedModelOutput(logged.model_id, step=0)])
    return str(logged.model_id)


def _write(described: "Model", folder: Path, place: Path) -> None:
    """The model in MLflow's layout, with the very bytes of the run folder's files."""
    import mlflow.onnx
    import onnx

    graph = onnx.load(folder / _FILE)
    mlflow.onnx.save_model(
        graph,
        str(place),
        mlflow_model=described,
        signature=_signature(graph),
        input_example=_example(graph, folder / _SAMPLE),
        pip_requirements=[f"{name}=={installed(name)}" for name in _REQUIRED],
        onnx_execution_providers=["CPUExecutionProvider"],
        save_as_external_data=False,
    )
    for name in (_FILE, GOLDEN_FILE):
        shutil.copyfile(folder / name, place / name)
    for paper in _ORIGIN:
        if (folder / paper).is_file():
            shutil.copyfile(folder / paper, place / paper)


def _signature(graph: "onnx.ModelProto") -> "ModelSignature":
    """Named tensors, any number of rows: read from the graph, so that they cannot disagree."""
    from mlflow.models import ModelSignature
    from mlflow.types import Schema

    return ModelSignature(
        Schema([_spec(value) for value in graph.graph.input]),
        Schema([_spec(value) for value in graph.graph.output]),
    )


def _spec(value: "onnx.ValueInfoProto") -> Any:
    import numpy as np
    from mlflow.types import TensorSpec
    from onnx import TensorProto

    tensor = value.type.tensor_type
    dtype = np.dtype(str if tensor.elem_type == TensorProto.STRING else np.float32)
    sizes = [size.dim_value or -1 for size in tensor.shape.dim]
    return TensorSpec(dtype, sizes, value.name)


def _example(graph: "onnx.ModelProto", sample: Path) -> dict[str, Any] | None:
    """The first rows of the reference sample as the graph's inputs; None without a sample."""
    import pyarrow.parquet as pq

    from {{ cookiecutter.package_name }}.data.columns import from_table

    stored = {entry.key: entry.value for entry in graph.metadata_props}
    if not sample.is_file() or METADATA_KEY not in stored:
        return None
    schema = ModelInfo.model_validate_json(stored[METADATA_KEY]).data_schema
    rows = from_table(pq.read_table(sample).slice(0, _EXAMPLE_ROWS), schema)
    arrays = {"numeric": rows.numeric, "categorical": rows.categorical.astype(str)}
    return {value.name: arrays[value.name] for value in graph.graph.input}


def _create_version(recording: Recording, model_id: str, tags: Mapping[str, str]) -> str:
    from mlflow.exceptions import MlflowException

    client, name = recording.client, recording.project
    try:
        client.create_registered_model(name)
    except MlflowException as error:
        if error.error_code != "RESOURCE_ALREADY_EXISTS":
            raise
    version = client.create_model_version(
        name,
        source=f"models:/{model_id}",
        run_id=recording.run_id,
        tags=dict(tags),
        model_id=model_id,
    )
    return str(version.version)


def _read_back(recording: Recording, number: str, model_id: str, digest: str) -> None:
    stored = recording.client.get_model_version(recording.project, number)
    held = recording.client.get_model_version_by_alias(recording.project, ALIAS)
    files = {file.path for file in recording.client.list_logged_model_artifacts(model_id)}
    if stored.tags.get(SHA256_TAG) != digest or _FILE not in files:
        raise ArtifactMismatch(
            f"Version {number} of '{recording.project}' was registered, but its model file or "
            "its digest cannot be read back: look at the artifact store, then train again."
        )
    # A higher number is another training that ended a moment later.
    if int(held.version) < int(number):
        raise TrackingUnavailable(
            f"Alias '{ALIAS}' still names version {held.version} after version {number} was "
            "registered: train again."
        )
