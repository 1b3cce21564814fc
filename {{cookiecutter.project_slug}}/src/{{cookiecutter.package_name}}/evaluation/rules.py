"""A measured number held against its limit."""

from dataclasses import dataclass

from {{ cookiecutter.package_name }}.evaluation.metrics import LESS_IS_BETTER


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
