"""Whether a version is good enough: declared limits against measured numbers."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

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
from {{ cookiecutter.package_name }}.utils.words import counted

MOST_NAMED = 5
"""So many parts that are too small to be measured are named; more are counted."""


@dataclass(frozen=True)
class GateDecision:
    """Every rule that was looked at; passed where all of them are.

    `left_out` says what has a declared limit, and too few test rows to be held against it.
    """

    rules: tuple[RuleResult, ...]
    left_out: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether no rule was broken."""
        return all(rule.passed for rule in self.rules)

    @property
    def broken(self) -> tuple[RuleResult, ...]:
        """The rules that refuse."""
        return tuple(rule for rule in self.rules if not rule.passed)


def joined(decisions: Iterable[GateDecision]) -> GateDecision:
    """All of them as one."""
    decisions = tuple(decisions)
    return GateDecision(
        tuple(rule for one in decisions for rule in one.rules),
        tuple(line for one in decisions for line in one.left_out),
    )


def decide(metrics: Mapping[str, float], floors: Mapping[str, float]) -> GateDecision:
    """Hold each declared limit against its metric. A number that is not one (NaN) refuses."""
    return GateDecision(
        tuple(limited(metric, metric, metrics[metric], limit) for metric, limit in floors.items())
    )


def class_rules(schema: DataSchema, result: EvaluationResult, floors: Floors) -> GateDecision:
    """A rule for each limit and each class that has enough test rows.

    ConfigError where no class has: limits that measure nothing would let everything through.
    """
    if not floors.each_class:
        return GateDecision(())
    classes = schema.target.classes
    scores = class_scores(confusion_matrix(result.truth, result.predictions, classes), classes)
    rules = [
        limited(f"{metric} of class {one.name}", metric, float(getattr(one, metric)), limit)
        for one in scores
        if one.rows >= floors.class_rows
        for metric, limit in floors.each_class.items()
    ]
    few = {f"class {one.name}": one.rows for one in scores if one.rows < floors.class_rows}
    if not rules:
        raise _nothing_measured("each_class", "no class has", "class_rows", floors.class_rows)
    left_out = _left_out("classes", few, floors.class_rows)
    return GateDecision(tuple(map(_of_part, rules)), tuple(left_out))


def slice_rules(
    schema: DataSchema, features: Features, result: EvaluationResult, floors: Floors
) -> GateDecision:
    """A rule for each limit and each value of a column that has enough test rows.

    ConfigError where the column is not one of categories, or none of its values has.
    """
    names = [column.name for column in schema.categories]
    decisions = []
    for column, limits in floors.slices.items():
        if column not in names:
            raise ConfigError(
                f"'config/gate.yaml' has slices of '{column}', which is no column of categories: "
                f"there are {', '.join(names) or 'none'}."
            )
        values, few, rules = features.categorical[:, names.index(column)], {}, []
        for value in np.unique(values.astype(str)):
            rows, named = np.flatnonzero(values == value), f"{column}={value or 'missing'}"
            if len(rows) < floors.slice_rows:
                few[named] = len(rows)
                continue
            measured = score(schema.target, result.truth[rows], _part(result, rows))
            for metric, limit in limits.items():
                rule = limited(f"{metric} where {named}", metric, measured[metric], limit)
                rules.append(_of_part(rule))
        if limits and not rules:
            place, what = f"slices.{column}", f"no value of '{column}' has"
            raise _nothing_measured(place, what, "slice_rows", floors.slice_rows)
        left_out = _left_out(f"values of {column}", few, floors.slice_rows)
        decisions.append(GateDecision(tuple(rules), tuple(left_out)))
    return joined(decisions)


def _left_out(what: str, few: Mapping[str, int], needed: int) -> Iterator[str]:
    """Yields a line for each part that is too small; a line for all of them where they are many."""
    if len(few) <= MOST_NAMED:
        for name, rows in few.items():
            yield f"{name} not measured: {counted(rows, 'row')}, fewer than {needed}"
    else:
        every = counted(sum(few.values()), "row")
        yield f"{len(few):,} {what} not measured: {every} together, fewer than {needed} each"


def _nothing_measured(place: str, what: str, key: str, needed: int) -> ConfigError:
    return ConfigError(
        f"'config/gate.yaml' declares {place}, but {what} {needed} test rows or more, so that it "
        f"would measure nothing: lower {key} there, or take a larger test split."
    )


def _of_part(rule: RuleResult) -> RuleResult:
    return replace(rule, of_part=True)


def _part(result: EvaluationResult, rows: NDArray[np.intp]) -> Predictions:
    given, scores = result.predictions, result.predictions.probabilities
    return Predictions(given.values[rows], None if scores is None else scores[rows])
