"""Alone in a fresh process, it loads and answers the golden rows as the trained model did."""

from {{ cookiecutter.package_name }}.evaluation.rules import RuleResult, at_most
from {{ cookiecutter.package_name }}.integrations.asking import NoReply, ask
from {{ cookiecutter.package_name }}.integrations.release_checks import Candidate
from {{ cookiecutter.package_name }}.schemas.errors import ArtifactMismatch

_MODULE = "{{ cookiecutter.package_name }}.inference.trial"
_SECONDS = 120.0


def check(candidate: Candidate) -> list[RuleResult]:
    """Differences from the trained model's answers, and the median time of one row."""
    measured = _measured(candidate)
    rows, allowed = len(candidate.golden.inputs), candidate.golden.tolerance
    return [
        at_most(f"parity on {rows} golden rows", measured["together"], allowed),
        at_most("parity row by row", measured["one_by_one"], allowed),
        at_most("p50 of one row, ms", measured["p50_ms"], candidate.latency_ms),
    ]


def _measured(candidate: Candidate) -> dict[str, float]:
    try:
        return ask(_MODULE, str(candidate.folder), seconds=_SECONDS)
    except NoReply as error:
        raise ArtifactMismatch(f"The model cannot answer in a fresh process: {error}.") from error
