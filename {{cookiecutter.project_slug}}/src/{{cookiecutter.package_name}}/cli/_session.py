"""One run of `train`: its settings, its folder, and who is told how it ends."""

import shlex
import sys
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from hydra.core.hydra_config import HydraConfig
from omegaconf import DictConfig

from {{ cookiecutter.package_name }} import PROJECT
from {{ cookiecutter.package_name }}.cli._settings import TrainSettings, flat
from {{ cookiecutter.package_name }}.cli._values import check
from {{ cookiecutter.package_name }}.data.plan import digest_of_plan, plan_of
from {{ cookiecutter.package_name }}.data.processed import load_manifest
from {{ cookiecutter.package_name }}.data.table import recorded
from {{ cookiecutter.package_name }}.evaluation.rendering import FigureWriter
from {{ cookiecutter.package_name }}.integrations.mlflow_tracker import MlflowTracker
from {{ cookiecutter.package_name }}.logging.setup import configure
from {{ cookiecutter.package_name }}.schemas.dataset import Manifest
from {{ cookiecutter.package_name }}.schemas.errors import ConfigError
from {{ cookiecutter.package_name }}.training.origins import tags_of
from {{ cookiecutter.package_name }}.training.phases import Phases
from {{ cookiecutter.package_name }}.training.provenance import of_project
from {{ cookiecutter.package_name }}.training.runs import (
    RunRecord,
    Status,
    claim,
    code_digest,
    identity,
    last_checkpoint,
    read_record,
    resumed_folder,
    write_record,
)
from {{ cookiecutter.package_name }}.training.tracking import (
    NullTracker,
    RunStart,
    RunStatus,
    Tracker,
)
from {{ cookiecutter.package_name }}.utils.files import write_text
from {{ cookiecutter.package_name }}.utils.paths import project_root, shown

_MISSING = "???"
_TAG_LENGTH = 5000
"""What every MLflow store takes."""


class Session:
    """Opens a run on entry; on exit ends it as it went: FINISHED, FAILED, or KILLED by Ctrl-C.

    `folder` is where the run writes: the one Hydra made, or that of the interrupted run which
    this one goes on from. `checkpoint` is then its last checkpoint.
    """

    def __init__(self, config: DictConfig) -> None:
        job = HydraConfig.get()
        check(config, job.overrides.task, job.runtime.choices)
        self.config = config
        self.settings = TrainSettings.of(config)
        configure(self.settings.logging.level, self.settings.logging.format)
        self.manifest = load_manifest(self.settings.data_name)
        _check_prepared(self.settings.data, self.manifest)
        self.origin = of_project(project_root())
        self.phases = Phases()
        made_of = f"{self.manifest.digest} {code_digest()}"
        self._identity = identity(self.settings.model_dump(mode="json"), made_of)
        self._made = Path(job.runtime.output_dir)
        self._arguments = _told(job.overrides.task)
        resumed = self._resumed()
        self.folder = resumed or self._made
        self.checkpoint = last_checkpoint(resumed) if resumed else None
        self.tracker = self._tracker()
        self.figures = FigureWriter()
        self._children = ExitStack()

    @property
    def fast_dev_run(self) -> bool:
        """Whether this run only shows that everything runs."""
        return bool(self.settings.trainer["fast_dev_run"])

    @property
    def registers(self) -> bool:
        """Whether a version comes of this run."""
        return self.settings.mlflow.enabled and not self.fast_dev_run

    def _resumed(self) -> Path | None:
        if self.fast_dev_run:
            return None
        outputs = project_root() / "outputs"
        return resumed_folder(self.settings.resume, outputs, self._identity)

    def _tracker(self) -> Tracker:
        if self.settings.mlflow.enabled:
            return MlflowTracker(self.settings.mlflow.tracking_uri)
        return NullTracker()

    def record(
        self, status: Status, mlflow_run_id: str | None = None, version: str | None = None
    ) -> None:
        """Replace the run's `run.json`."""
        record = RunRecord(
            status=status,
            identity=self._identity,
            mlflow_run_id=mlflow_run_id,
            version=version,
            tracking_uri=self.settings.mlflow.tracking_uri,
        )
        write_record(self.folder, record)
        if self._made != self.folder:
            # Whoever named the folder of this run (`pipeline` does) learns how it ended there.
            pointing = record.model_copy(update={"went_on_in": str(self.folder)})
            write_record(self._made, pointing)

    def _tags(self) -> dict[str, str]:
        settings = self.settings
        tags = {
            "project": PROJECT,
            "env": settings.env,
            "model_name": str(settings.model["name"]),
            "data_name": settings.data_name,
            "debug": str(settings.debug).lower(),
            "lifecycle_intent": settings.lifecycle_intent,
            "arguments": self._arguments,
            **self.origin.tags(),
            **tags_of(project_root(), settings.data_name),
        }
        former = read_record(self.folder).mlflow_run_id if self.checkpoint else None
        return {**tags, "resumed_from": former} if former else tags

    def _say_resumed(self) -> None:
        message = f"going on from {shown(self.folder)} (resume=never would start anew)"
        print(message, file=sys.stderr, flush=True)

    def __enter__(self) -> Self:
        """Open the run; its tracker's process starts to import MLflow."""
        tags = self._tags()
        self.folder.mkdir(parents=True, exist_ok=True)
        self._children.callback(claim(self.folder).release)
        if self.checkpoint:
            self._say_resumed()
        write_text(self.folder / "config.yaml", self.settings.as_yaml())
        self.record("RUNNING")
        name = f"{self.settings.model['name']}-{self.settings.data_name}"
        params = flat(self.settings.model_dump(mode="json"))
        self.tracker.start(RunStart(name, tags, params, self.manifest))
        self._children.enter_context(self.figures)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the run; the error goes on its way."""
        status: RunStatus = "FINISHED"
        with self._children:
            if kind is not None:
                status = "KILLED" if issubclass(kind, KeyboardInterrupt) else "FAILED"
                self.record(status, read_record(self.folder).mlflow_run_id)
            if status == "KILLED" and last_checkpoint(self.folder).is_file():
                print("The same command goes on from the last epoch.", file=sys.stderr)
            self.tracker.close(status)


def _told(overrides: Iterable[str]) -> str:
    """What `train` was called with, as a tag can hold it; an MLflow address may have a password."""
    words = shlex.join(word for word in overrides if not word.lstrip("+~").startswith("mlflow."))
    return words if len(words) <= _TAG_LENGTH else f"{words[: _TAG_LENGTH - 1]}…"


def _check_prepared(asked: Mapping[str, Any], manifest: Manifest) -> None:
    """ConfigError where the prepared data is not what the overrides speak of."""
    found = {"target": manifest.data_schema.target.name}
    wanted = {"target": asked["target"]}
    if "path" in asked and asked["path"] != _MISSING:
        found["path"] = manifest.source
        wanted["path"] = recorded(Path(asked["path"]))
    for key, value in wanted.items():
        if value not in (_MISSING, found[key]):
            raise ConfigError(
                f"data.{key}={value}: the data set '{manifest.name}' was prepared from "
                f"'{found[key]}'. Run `prepare` with the same data options first."
            )
    known = _MISSING not in (asked["target"], *wanted.values()) and manifest.plan_digest
    if known and manifest.plan_digest != digest_of_plan(plan_of(asked)):
        raise ConfigError(
            f"The data options are not those that the data set '{manifest.name}' was prepared "
            "with. Run `prepare` with the same data options first."
        )
