"""The trainer's end of the pipe to `mlflow_worker`; imports neither mlflow nor torch."""

import queue
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from {{ cookiecutter.package_name }} import PROJECT
from {{ cookiecutter.package_name }}.integrations import replies
from {{ cookiecutter.package_name }}.integrations.child import Child
from {{ cookiecutter.package_name }}.integrations.stores import tracking_uri as resolved_uri
from {{ cookiecutter.package_name }}.integrations.stores import unavailable
from {{ cookiecutter.package_name }}.schemas.errors import TrackingUnavailable
from {{ cookiecutter.package_name }}.schemas.model import ServedVersion
from {{ cookiecutter.package_name }}.training.tracking import RunStart, RunStatus

_MODULE = "{{ cookiecutter.package_name }}.integrations.mlflow_worker"
_START_SECONDS = 120.0
_REGISTER_SECONDS = 1800.0
_CLOSE_SECONDS = 60.0
"""The store's own timeouts are shorter; these are for a worker that hangs altogether."""


class MlflowTracker:
    """Records one run in MLflow, through a process that survives this one.

    Metrics that could not be stored are told by `register` or `close`, not by `log_metrics`: a
    server that is away for a minute does not stop a training.
    """

    def __init__(self, tracking_uri: str | None, project: str = PROJECT) -> None:
        self._uri = resolved_uri(tracking_uri)
        self._project = project
        self._child: Child | None = None
        self._run_id: str | None = None

    def start(self, start: RunStart) -> None:
        """Open the run, in a process started now."""
        self._child = Child(_MODULE)
        self._child.send(
            {
                "do": "start",
                "uri": self._uri,
                "project": self._project,
                "name": start.name,
                "tags": dict(start.tags),
                "params": dict(start.params),
                "dataset": start.dataset.model_dump(mode="json"),
            }
        )

    def confirm(self) -> str | None:
        """Wait until the run is open and return its id; TrackingUnavailable where it is not."""
        if self._run_id is None:
            self._run_id = str(self._answer(_START_SECONDS)["run_id"])
        return self._run_id

    def log_metrics(self, metrics: Mapping[str, float], step: int) -> None:
        """Add one epoch's metrics, without waiting for them to be stored."""
        now = int(time.time() * 1000)
        self._started.send({"do": "metrics", "metrics": dict(metrics), "step": step, "time": now})

    def register(self, folder: Path) -> ServedVersion:
        """Store the run folder's files and register its `model.onnx` under alias `dev`.

        TrackingUnavailable where the store did not take it, ArtifactMismatch where it took
        something else; the folder keeps everything.
        """
        self.confirm()
        self._started.send({"do": "register", "folder": str(folder.resolve())})
        return ServedVersion.model_validate(self._answer(_REGISTER_SECONDS))

    def close(self, status: RunStatus) -> None:
        """End the run and the process; TrackingUnavailable where a FINISHED run cannot be ended.

        A run that failed or was stopped has an error of its own, which nothing here replaces.
        """
        if self._child is None:
            return
        try:
            self._started.send({"do": "close", "status": status})
            self._await_closed()
        except TrackingUnavailable:
            if status == "FINISHED":
                raise
        finally:
            self._child.end()
            self._child = None

    @property
    def worker(self) -> int:
        """Process id of the worker."""
        return self._started.process

    def _await_closed(self) -> None:
        if self._run_id is None:  # the answer to `start` may still be on its way
            self._answer(_START_SECONDS)
        self._answer(_CLOSE_SECONDS)

    @property
    def _started(self) -> Child:
        if self._child is None:
            raise RuntimeError("The run was not started, or was closed already.")
        return self._child

    def _answer(self, seconds: float) -> Mapping[str, Any]:
        """The worker's next answer; its errors, its end and its silence are raised."""
        try:
            answer = self._started.answer(seconds)
        except queue.Empty as error:
            raise unavailable(self._uri, f"no answer in {seconds:.0f} s") from error
        if answer is None:
            raise unavailable(self._uri, f"the worker ended: {self._started.last_words()}")
        replies.raise_error(answer, otherwise=TrackingUnavailable)
        return answer
