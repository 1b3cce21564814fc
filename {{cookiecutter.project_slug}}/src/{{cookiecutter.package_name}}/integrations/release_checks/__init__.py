"""What a model must stand before it is exported or promoted: every module here is one check.

A module has one function, `check(candidate) -> list[RuleResult]`: the numbers that it measured,
each with its limit. It raises ArtifactMismatch where something is wrong that has no number. The
first line of the module's docstring says in `verification.json` what was looked at.
"""

import importlib
import pkgutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from {{ cookiecutter.package_name }}.evaluation.rules import RuleResult
from {{ cookiecutter.package_name }}.inference.golden import Golden
from {{ cookiecutter.package_name }}.schemas.model import ModelInfo, ServedVersion


@dataclass(frozen=True)
class Candidate:
    """A folder with `model.onnx` and `golden.json`, and what is known of them."""

    folder: Path
    served: ServedVersion
    info: ModelInfo
    golden: Golden
    latency_ms: float


@dataclass(frozen=True)
class Verified:
    """What was looked at, by name, and every number with its limit."""

    checks: dict[str, str]
    rules: tuple[RuleResult, ...]


def verify(candidate: Candidate) -> Verified:
    """Let every module of this folder look at the candidate; ArtifactMismatch at the first no."""
    checks, rules = {}, []
    for name, module in _modules():
        rules += module.check(candidate)
        checks[name] = str(module.__doc__).partition("\n")[0]
    return Verified(checks, tuple(rules))


def _modules() -> Iterator[tuple[str, ModuleType]]:
    for module in pkgutil.iter_modules(__path__):
        yield module.name, importlib.import_module(f"{__name__}.{module.name}")
