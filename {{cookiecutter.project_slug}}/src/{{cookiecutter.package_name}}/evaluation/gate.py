"""Whether a version is good enough: declared limits against measured numbers."""

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml
from pydantic import Field, ValidationError

from {{ cookiecutter.package_name }}.evaluation.metrics import (
    CLASSIFICATION,
    LESS_IS_BETTER,
    REGRESSION,
)
from {{ cookiecutter.package_name }}.schemas.dataset import Record, Target, Task
from {{ cookiecutter.package_name }}.schemas.errors import ConfigError
from {{ cookiecutter.package_name }}.utils.paths import config_dir, shown

_METRICS: dict[Task, tuple[str, ...]] = {
    "classification": CLASSIFICATION,
    "regression": REGRESSION,
}


class GateFile(Record):
    """`config/gate.yaml`: limits by metric, for data sets by name and for tasks."""

    data: dict[str, dict[str, float]] = Field(default_factory=dict)
    task: dict[Task, dict[str, float]] = Field(default_factory=dict)


@dataclass(frozen=True)
class RuleResult:
    """One limit and the number that was measured; `sign` says which way the limit lies."""

    metric: str
    value: float
    sign: str
    limit: float
    passed: bool

    def __str__(self) -> str:
        relation = "" if self.passed else "not "
        return f"{self.metric} {self.value:.4f} is {relation}{self.sign} {self.limit:g}"


@dataclass(frozen=True)
class GateDecision:
    """Every rule that was looked at; passed where all of them are."""

    rules: tuple[RuleResult, ...]

    @property
    def passed(self) -> bool:
        """Whether no rule was broken."""
        return all(rule.passed for rule in self.rules)

    @property
    def broken(self) -> tuple[RuleResult, ...]:
        """The rules that refuse."""
        return tuple(rule for rule in self.rules if not rule.passed)


def gate_file() -> Path:
    """Where the limits are declared."""
    return config_dir() / "gate.yaml"


def read_floors(path: Path, data_name: str, target: Target) -> dict[str, float]:
    """The limits for a data set, or else for its task.

    ConfigError where the file is missing or has a key, metric or value that cannot be, and where
    no limit is declared: a gate without rules would let everything through.
    """
    gate = _read(path)
    by_data, by_task = gate.data.get(data_name), gate.task.get(target.task)
    floors = by_data if by_data is not None else by_task
    place = f"data.{data_name}" if by_data is not None else f"task.{target.task}"
    if not floors:
        raise ConfigError(f"'{shown(path)}' declares no floor under {place}: add at least one.")
    for metric in floors:
        _check_name(path, place, metric, _METRICS[target.task])
    return floors


def _read(path: Path) -> GateFile:
    if not path.is_file():
        raise ConfigError(f"There is no '{shown(path)}': it declares what a version must reach.")
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        return GateFile.model_validate(content, strict=True)
    except yaml.YAMLError as error:
        text = " ".join(str(error).split())
        raise ConfigError(f"'{shown(path)}' is not YAML: {text}.") from error
    except ValidationError as error:
        problem = error.errors()[0]
        key = ".".join(map(str, problem["loc"])) or "the file"
        raise ConfigError(
            f"'{shown(path)}': {key} is {problem['input']!r}: {problem['msg']}."
        ) from error


def _check_name(path: Path, place: str, metric: str, known: Sequence[str]) -> None:
    if metric in known:
        return
    near = difflib.get_close_matches(metric, known, n=1, cutoff=0.5)
    hint = f"did you mean '{near[0]}'?" if near else f"the metrics are {', '.join(known)}."
    raise ConfigError(f"'{shown(path)}': {place} has no metric '{metric}'; {hint}")


def decide(metrics: Mapping[str, float], floors: Mapping[str, float]) -> GateDecision:
    """Hold each declared limit against its metric. A number that is not one (NaN) refuses."""
    return GateDecision(
        tuple(_rule(metric, metrics[metric], limit) for metric, limit in floors.items())
    )


def _rule(metric: str, value: float, limit: float) -> RuleResult:
    if metric in LESS_IS_BETTER:
        return RuleResult(metric, value, "<=", limit, passed=value <= limit)
    return RuleResult(metric, value, ">=", limit, passed=value >= limit)
