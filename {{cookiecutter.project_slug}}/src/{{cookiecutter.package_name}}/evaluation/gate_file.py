"""`config/gate.yaml`: what a version must reach, and how a promotion goes."""

import difflib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import Field, ValidationError, model_validator

from {{ cookiecutter.package_name }}.evaluation.metrics import CLASSIFICATION, REGRESSION
from {{ cookiecutter.package_name }}.schemas.dataset import Record, Target, Task
from {{ cookiecutter.package_name }}.schemas.errors import ConfigError
from {{ cookiecutter.package_name }}.utils.paths import config_dir, shown

METRICS: dict[Task, tuple[str, ...]] = {
    "classification": CLASSIFICATION,
    "regression": REGRESSION,
}
PAIRED: dict[Task, tuple[str, ...]] = {
    "classification": ("accuracy", "log_loss", "skill"),
    "regression": ("mae", "rmse", "r2"),
}
"""Metrics that are a mean over the rows, or follow from one: two models can be compared row by
row."""
_OVERALL = "overall"
OF_CLASS = ("precision", "recall", "f1")
_Limits = dict[str, float]


class Floors(Record):
    """Limits by metric: over all rows, of each class, and of each value of a column.

    In the file the first stand beside the others' keys. A class with fewer than `class_rows` test
    rows and a slice with fewer than `slice_rows` are left out: a number of three rows is noise.
    """

    overall: _Limits = Field(default_factory=dict)
    each_class: _Limits = Field(default_factory=dict)
    slices: dict[str, _Limits] = Field(default_factory=dict)
    class_rows: int = Field(10, ge=1)
    slice_rows: int = Field(30, ge=1)

    @model_validator(mode="before")
    @classmethod
    def _gathered(cls, content: object) -> object:
        if not isinstance(content, dict):
            return content
        named = {key: content[key] for key in content if key in cls.model_fields}
        return {**named, _OVERALL: {key: content[key] for key in content if key not in named}}


class Comparison(Record):
    """How a version is held against the present `prod`: see `evaluation/comparison.py`."""

    classification: str = "skill"
    regression: str = "r2"
    margin: float = Field(0.02, ge=0)
    worst_case: float = Field(0.05, ge=0)
    confidence: Annotated[float, Field(gt=0.5, lt=1)] = 0.95
    resamples: int = Field(2000, ge=100, le=100_000)

    def metric(self, task: Task) -> str:
        """The metric that is compared."""
        return self.classification if task == "classification" else self.regression


class Promotion(Record):
    """Group `promotion`: what holds for every data set."""

    require_approval: bool = False
    latency_ms: float = Field(50.0, gt=0)
    compare: Comparison = Field(default_factory=Comparison)


class GateFile(Record):
    """The whole file; limits by the name of a data set, or else by task."""

    data: dict[str, Floors] = Field(default_factory=dict)
    task: dict[Task, Floors] = Field(default_factory=dict)
    promotion: Promotion = Field(default_factory=Promotion)


def gate_path() -> Path:
    """Where the limits are declared."""
    return config_dir() / "gate.yaml"


def read_promotion(path: Path) -> Promotion:
    """Group `promotion` of the file; raises what `read_floors` raises."""
    promotion = _read(path).promotion
    compare = promotion.compare
    for task, known in PAIRED.items():
        _check_names(path, f"promotion.compare.{task}", [compare.metric(task)], known)
    return promotion


def read_floors(path: Path, data_name: str, target: Target) -> Floors:
    """The limits for a data set, or else for its task.

    ConfigError where the file is missing or has a key, metric or value that cannot be, and where
    no limit is declared: a gate without rules would let everything through.
    """
    gate = _read(path)
    by_data, by_task = gate.data.get(data_name), gate.task.get(target.task)
    floors = by_data if by_data is not None else by_task
    place = f"data.{data_name}" if by_data is not None else f"task.{target.task}"
    if floors is None or not floors.overall:
        raise ConfigError(f"'{shown(path)}' declares no floor under {place}: add at least one.")
    _check_names(path, place, floors.overall, METRICS[target.task])
    if floors.each_class and target.task != "classification":
        raise ConfigError(f"'{shown(path)}': {place}.each_class: a {target.task} has no classes.")
    _check_names(path, f"{place}.each_class", floors.each_class, OF_CLASS)
    for column, limits in floors.slices.items():
        _check_names(path, f"{place}.slices.{column}", limits, METRICS[target.task])
    return floors


def _read(path: Path) -> GateFile:
    if not path.is_file():
        raise ConfigError(f"There is no '{shown(path)}': it declares what a version must reach.")
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        return GateFile.model_validate(content, strict=True)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        text = " ".join(str(error).split())
        raise ConfigError(f"'{shown(path)}' is not YAML: {text}.") from error
    except ValidationError as error:
        problem = error.errors()[0]
        place = [str(part) for part in problem["loc"] if part != _OVERALL]
        raise ConfigError(
            f"'{shown(path)}': {'.'.join(place) or 'the file'} is {problem['input']!r}: "
            f"{problem['msg']}."
        ) from error


def _check_names(path: Path, place: str, metrics: Iterable[str], known: Sequence[str]) -> None:
    for metric in metrics:
        if metric in known:
            continue
        near = difflib.get_close_matches(metric, known, n=1, cutoff=0.5)
        hint = f"did you mean '{near[0]}'?" if near else f"the metrics are {', '.join(known)}."
        raise ConfigError(f"'{shown(path)}': {place} has no metric '{metric}'; {hint}")
