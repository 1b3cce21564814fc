"""Rules in a terminal: what was measured beside what is allowed."""

from collections.abc import Sequence

from {{ cookiecutter.package_name }}.cli._table import aligned
from {{ cookiecutter.package_name }}.evaluation.rules import RuleResult


def table(rules: Sequence[RuleResult]) -> str:
    """A line a rule, with its two numbers and whether it holds."""
    rows = [
        (rule.metric, rule.measured, rule.sign, f"{rule.limit:g}", _verdict(rule.passed))
        for rule in rules
    ]
    return aligned([("rule", "measured", "", "limit", ""), *rows], right=frozenset({1, 3}))


def _verdict(passed: bool) -> str:  # noqa: FBT001 - its only argument
    return "holds" if passed else "BROKEN"
