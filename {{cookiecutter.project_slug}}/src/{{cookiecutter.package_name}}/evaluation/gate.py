"""Whether a version is good enough: declared limits against measured numbers."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from {{ cookiecutter.package_name }}.data.features import Features
from {{ cookiecutter.package_name }}.evaluation.evaluate import EvaluationResult
from {{ cookiecutter.package_name }}.evaluation.gate_file import Floors
from {{ cookiecutter.package_name }}.evaluation.metrics import (
    class_scores,
    confusion_matrix,
    score,
)
from {{ cookiecutter.package_name }}.evaluation.rules import RuleResult, limited
from {{ cookiecutter.package_name }}.schemas.dataset import DataSchema
from {{ cookiecutter.package_name }}.schemas.errors import ConfigError
from {{ cookiecutter.package_name }}.schemas.model import Predictions


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


def decide(metrics: Mapping[str, float], floors: Mapping[str, float]) -> GateDecision:
    """Hold each declared limit against its metric. A number that is not one (NaN) refuses."""
    return GateDecision(
        tuple(limited(metric, metric, metrics[metric], limit) for metric, limit in floors.items())
    )


def class_rules(
    schema: DataSchema, result: EvaluationResult, limits: Mapping[str, float]
) -> Iterator[RuleResult]:
    """A rule for each class and limit; only those of the classes that have test rows."""
    if not limits:
        return
    classes = schema.target.classes
    matrix = confusion_matrix(result.truth, result.predictions, classes)
    for one in class_scores(matrix, classes):
        for metric, limit in limits.items():
            if one.rows:
                value = float(getattr(one, metric))
                yield limited(f"{metric} of class {one.name}", metric, value, limit)


def slice_rules(
    schema: DataSchema, features: Features, result: EvaluationResult, floors: Floors
) -> Iterator[RuleResult]:
    """A rule for each limit and each value of a column that has enough test rows.

    ConfigError where the column is not one of categories.
    """
    names = [column.name for column in schema.categories]
    for column, limits in floors.slices.items():
        if column not in names:
            raise ConfigError(
                f"'config/gate.yaml' has slices of '{column}', which is no column of categories: "
                f"there are {', '.join(names) or 'none'}."
            )
        values = features.categorical[:, names.index(column)]
        for value in np.unique(values.astype(str)):
            rows = np.flatnonzero(values == value)
            if len(rows) >= floors.slice_rows:
                measured = score(schema.target, result.truth[rows], _part(result, rows))
                for metric, limit in limits.items():
                    name = f"{metric} where {column}={value or 'missing'}"
                    yield limited(name, metric, measured[metric], limit)


def _part(result: EvaluationResult, rows: NDArray[np.intp]) -> Predictions:
    given, scores = result.predictions, result.predictions.probabilities
    return Predictions(given.values[rows], None if scores is None else scores[rows])
