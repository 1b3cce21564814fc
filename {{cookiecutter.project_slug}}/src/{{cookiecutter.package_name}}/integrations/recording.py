"""One MLflow run as it happens: opened, told of each epoch, ended."""

import json
import re
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from {{ cookiecutter.package_name }}.integrations.mlflow_client import (
    answering,
    connect,
    first_words,
)
from {{ cookiecutter.package_name }}.integrations.stores import artifact_location
from {{ cookiecutter.package_name }}.schemas.dataset import Manifest
from {{ cookiecutter.package_name }}.schemas.errors import TrackingUnavailable

if TYPE_CHECKING:
    from mlflow.entities import Dataset, Metric, Param

_PARAMS_A_CALL = 100
_PARAM_LENGTH = 500
_KEY_LENGTH = 250
_COLUMNS_SHOWN = 500
_DIGEST_LENGTH = 36
"""What every MLflow store takes. Longer values are cut: `config.yaml` among the run's files has
them whole."""


class Recording:
    """A run in experiment `project`. Metrics that a store did not take are sent again later."""

    def __init__(self, uri: str, project: str) -> None:
        self.uri = uri
        self.project = project
        self.client = connect(uri)
        self.run_id: str | None = None
        self.tags: dict[str, str] = {}
        self._waiting: list[Metric] = []
        self._failed = False

    def open(
        self, name: str, tags: Mapping[str, str], params: Mapping[str, str], data: Manifest
    ) -> str:
        """Create the run, with everything that is known before the first step; its id."""
        from mlflow.entities import RunTag

        with first_words(self.uri):
            experiment = self._experiment()
        self.tags = {**tags, **_data_tags(data)}
        with answering(self.uri):
            run = self.client.create_run(experiment, run_name=name)
            self.run_id = run.info.run_id
            shown = [RunTag(key, value) for key, value in _shown_tags(self.tags).items()]
            self.client.log_batch(self.run_id, tags=shown)
            for chunk in _chunks(params):
                self.client.log_batch(self.run_id, params=chunk)
            self._log_dataset(self.run_id, data)
        return self.run_id

    def _experiment(self) -> str:
        from mlflow.exceptions import MlflowException

        found = self.client.get_experiment_by_name(self.project)
        if found is None:
            try:
                location = artifact_location(self.uri)
                return str(self.client.create_experiment(self.project, location))
            except MlflowException:  # another run made it a moment ago, or nothing can
                found = self.client.get_experiment_by_name(self.project)
                if found is None:
                    raise
        if found.lifecycle_stage == "deleted":
            self.client.restore_experiment(found.experiment_id)
        return str(found.experiment_id)

    def _log_dataset(self, run_id: str, data: Manifest) -> None:
        from mlflow.entities import DatasetInput, InputTag

        context = InputTag("mlflow.data.context", "training")
        self.client.log_inputs(run_id, [DatasetInput(_dataset(data), [context])])

    def add_metrics(self, metrics: Mapping[str, float], step: int, timestamp: int) -> None:
        """Add one epoch's metrics. After a failure they wait for `flush`."""
        from mlflow.entities import Metric

        self._waiting += [Metric(key, value, timestamp, step) for key, value in metrics.items()]
        if self._failed or self.run_id is None:
            return
        try:
            self.flush()
        except TrackingUnavailable:
            self._failed = True

    def flush(self) -> None:
        """Send the metrics that wait, at most a thousand a call."""
        while self._waiting and self.run_id is not None:
            with answering(self.uri):
                self.client.log_batch(self.run_id, metrics=self._waiting[:1000])
            del self._waiting[:1000]
        self._failed = False

    def log_files(self, folder: Path, left_out: frozenset[str]) -> None:
        """Store the files of the run folder under their own paths."""
        for file in sorted(folder.rglob("*")):
            inner = file.relative_to(folder)
            hidden = any(part.startswith(".") for part in inner.parts)
            if not file.is_file() or hidden or inner.name in left_out:
                continue
            place = None if inner.parent == Path() else inner.parent.as_posix()
            with answering(self.uri):
                self.client.log_artifact(self.run_id, str(file), place)

    def close(self, status: str) -> None:
        """End the run, if one was opened and goes on."""
        if self.run_id is None:
            return
        run_id = self.run_id
        try:
            self.flush()
        finally:
            with answering(self.uri):
                self.client.set_terminated(run_id, status, int(time.time() * 1000))
            self.run_id = None


def _data_tags(data: Manifest) -> dict[str, str]:
    """What tells the data: `dataset.json` among the run's files has the schema as well."""
    return {
        "data_digest": data.digest,
        "data_rows": str(data.rows),
        "data_source": _cut(data.source),
        "data_version": _cut(data.version),
    }


def _shown_tags(tags: Mapping[str, str]) -> dict[str, str]:
    """The tags, and those by which MLflow's own pages show commit and command."""
    known = {"mlflow.source.name": "train", "mlflow.source.type": "LOCAL"}
    if "git_sha" in tags:
        known["mlflow.source.git.commit"] = tags["git_sha"]
    return {**known, **tags}


def _chunks(params: Mapping[str, str]) -> "Iterator[list[Param]]":
    from mlflow.entities import Param

    # By name: two keys that MLflow's rule makes one are one parameter.
    named = {_parameter_name(key): _cut(value) for key, value in params.items()}
    entries = [Param(key, value) for key, value in named.items()]
    for start in range(0, len(entries), _PARAMS_A_CALL):
        yield entries[start : start + _PARAMS_A_CALL]


def _parameter_name(key: str) -> str:
    """The key in the letters that MLflow allows; column names and patterns may have others."""
    return re.sub(r"[^\w\-. :/]", "_", key)[:_KEY_LENGTH]


def _cut(value: str) -> str:
    return value if len(value) <= _PARAM_LENGTH else f"{value[: _PARAM_LENGTH - 1]}…"


def _dataset(data: Manifest) -> "Dataset":
    """The prepared data set as MLflow shows it: name, digest, columns and where it was read."""
    from mlflow.entities import Dataset

    kinds = {"number": "double", "category": "string"}
    columns = [
        {"name": column.name, "type": kinds[column.kind], "required": True}
        for column in data.data_schema.columns[:_COLUMNS_SHOWN]
    ]
    rows = {split: file.rows for split, file in data.files.items()}
    return Dataset(
        name=data.name,
        digest=data.digest[:_DIGEST_LENGTH],
        source_type="local",
        source=json.dumps({"uri": data.source, "version": data.version}),
        schema=json.dumps({"mlflow_colspec": columns}),
        profile=json.dumps({"rows": rows, "columns": len(data.data_schema.columns)}),
    )
