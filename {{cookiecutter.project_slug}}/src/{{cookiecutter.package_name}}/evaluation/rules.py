"""A measured number held against its limit."""

from collections.abc import Sequence
from dataclasses import dataclass

from {{ cookiecutter.package_name }}.evaluation.metrics import LESS_IS_BETTER

MOST_LISTED = 5
"""So many broken rules are told in one sentence."""


@dataclass(frozen=True)
class RuleResult:
    """One limit and the number that was measured; `sign` says which way the limit lies.

    `of_part` marks those of one class or one slice, of which there may be hundreds.
    """

    metric: str
    value: float
    sign: str
    limit: float
    passed: bool
    of_part: bool = False

    def __str__(self) -> str:
        relation = "" if self.passed else "not "
        return f"{self.metric} {self.measured} is {relation}{self.sign} {self.limit:g}"

    @property
    def measured(self) -> str:
        """The number as people read it: four decimals, or its first digits where it is tiny."""
        tiny = 0 < abs(self.value) < 0.001
        return f"{self.value:.2g}" if tiny else f"{self.value:.4f}"


def at_most(name: str, value: float, limit: float) -> RuleResult:
    """A ceiling. What is no number (NaN) does not pass."""
    return RuleResult(name, value, "<=", limit, passed=value <= limit)


def at_least(name: str, value: float, limit: float) -> RuleResult:
    """A floor. What is no number (NaN) does not pass."""
    return RuleResult(name, value, ">=", limit, passed=value >= limit)


def limited(name: str, metric: str, value: float, limit: float) -> RuleResult:
    """A ceiling for metrics of which less is better, else a floor."""
    return (at_most if metric in LESS_IS_BETTER else at_least)(name, value, limit)


def listed(broken: Sequence[RuleResult]) -> str:
    """Broken rules in a sentence: the first of them, and how many more there are."""
    more = len(broken) - MOST_LISTED
    told = "; ".join(map(str, broken[:MOST_LISTED]))
    return f"{told}; … and {more:,} more" if more > 0 else told
