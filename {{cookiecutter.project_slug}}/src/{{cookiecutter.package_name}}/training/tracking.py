"""What training tells about a run, to whomever listens."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from {{ cookiecutter.package_name }}.schemas.dataset import Manifest
from {{ cookiecutter.package_name }}.schemas.model import ServedVersion

RunStatus = Literal["FINISHED", "FAILED", "KILLED"]


@dataclass(frozen=True)
class RunStart:
    """What is known of a run before its first step. Keys of `params` are dotted config keys."""

    name: str
    tags: Mapping[str, str]
    params: Mapping[str, str]
    dataset: Manifest


class Tracker(Protocol):
    """Receives a run. Only `confirm` and `register` wait; the others return at once."""

    def start(self, start: RunStart) -> None:
        """Open the run."""
        ...

    def confirm(self) -> str | None:
        """Wait until the run is open and return its id; TrackingUnavailable where it is not."""
        ...

    def log_metrics(self, metrics: Mapping[str, float], step: int) -> None:
        """Add one epoch's metrics."""
        ...

    def register(self, folder: Path) -> ServedVersion | None:
        """Store the run folder's files and register its `model.onnx` under alias `dev`."""
        ...

    def close(self, status: RunStatus) -> None:
        """End the run. Calling it again changes nothing."""
        ...


class NullTracker:
    """Nobody listens: what `mlflow.enabled=false` puts in place of MLflow."""

    def start(self, start: RunStart) -> None:
        """Leave no trace."""

    def confirm(self) -> None:
        """Answer that there is no run."""

    def log_metrics(self, metrics: Mapping[str, float], step: int) -> None:
        """Leave no trace."""

    def register(self, folder: Path) -> None:
        """Register nothing; the model stays in the run folder."""

    def close(self, status: RunStatus) -> None:
        """Leave no trace."""
