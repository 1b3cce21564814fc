"""Rules in a terminal: what was measured beside what is allowed."""

from collections.abc import Sequence

from {{ cookiecutter.package_name }}.cli._table import aligned
from {{ cookiecutter.package_name }}.evaluation.rules import RuleResult
from {{ cookiecutter.package_name }}.utils.words import counted

MOST_PARTS = 20
"""So many rules of classes and slices are all shown; of more, so many of the broken ones."""


def table(rules: Sequence[RuleResult]) -> str:
    """A line a rule, with its two numbers and whether it holds; what is too much is counted."""
    left_out = _left_out([rule for rule in rules if rule.of_part])
    hidden = set(map(id, left_out))
    rows = [
        (rule.metric, rule.measured, rule.sign, f"{rule.limit:g}", _verdict(rule.passed))
        for rule in rules
        if id(rule) not in hidden
    ]
    told = aligned([("rule", "measured", "", "limit", ""), *rows], right=frozenset({1, 3}))
    return f"{told}\n{_summed(left_out)}" if left_out else told


def _left_out(parts: Sequence[RuleResult]) -> list[RuleResult]:
    if len(parts) <= MOST_PARTS:
        return []
    broken = [rule for rule in parts if not rule.passed]
    return [*broken[MOST_PARTS:], *(rule for rule in parts if rule.passed)]


def _summed(rules: Sequence[RuleResult]) -> str:
    broken = sum(not rule.passed for rule in rules)
    parts = [f"{broken:,} BROKEN"] if broken else []
    hold = len(rules) - broken
    parts += [f"{hold:,} hold{'s' if hold == 1 else ''}"] if hold else []
    more = counted(len(rules), "more rule")
    return f"  … and {more} of classes and slices: {', '.join(parts)}"


def _verdict(passed: bool) -> str:  # noqa: FBT001 - its only argument
    return "holds" if passed else "BROKEN"
