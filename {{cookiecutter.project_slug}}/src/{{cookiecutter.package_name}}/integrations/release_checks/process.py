"""Alone in a fresh process, it loads and answers the golden rows as the trained model did."""

import json
import subprocess
import sys

from {{ cookiecutter.package_name }}.evaluation.rules import RuleResult, at_most
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
    command = [sys.executable, "-P", "-m", _MODULE, str(candidate.folder)]
    try:
        child = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise ArtifactMismatch(
            f"The model gave no answer in a fresh process in {_SECONDS:.0f} s."
        ) from error
    lines = [line for line in child.stdout.splitlines() if line.startswith("{")]
    if child.returncode or not lines:
        last = (child.stderr.strip().splitlines() or [f"exit code {child.returncode}"])[-1]
        raise ArtifactMismatch(f"The model cannot answer in a fresh process: {last}")
    measured: dict[str, float] = json.loads(lines[-1])
    return measured
