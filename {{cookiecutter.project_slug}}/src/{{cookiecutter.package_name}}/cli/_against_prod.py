"""A version against the present `prod`: two rules, or why they cannot be compared."""

from dataclasses import dataclass

from {{ cookiecutter.package_name }}.data.drift import signature_changes, told
from {{ cookiecutter.package_name }}.evaluation.comparison import compare
from {{ cookiecutter.package_name }}.evaluation.evaluate import EvaluationResult, evaluate
from {{ cookiecutter.package_name }}.evaluation.gate_file import Comparison
from {{ cookiecutter.package_name }}.evaluation.rules import RuleResult
from {{ cookiecutter.package_name }}.inference.predictor import Predictor
from {{ cookiecutter.package_name }}.integrations.model_store import fetch_file
from {{ cookiecutter.package_name }}.integrations.registry import Registry
from {{ cookiecutter.package_name }}.integrations.versions import VersionInfo
from {{ cookiecutter.package_name }}.schemas.dataset import Manifest
from {{ cookiecutter.package_name }}.schemas.errors import DataError
from {{ cookiecutter.package_name }}.schemas.model import ModelInfo


@dataclass(frozen=True)
class AgainstProd:
    """The rules of the comparison; `why_not` is empty, or says why there are none."""

    rules: tuple[RuleResult, ...] = ()
    why_not: str = ""


def against_prod(
    registry: Registry,
    present: VersionInfo,
    manifest: Manifest,
    result: EvaluationResult,
    how: Comparison,
) -> AgainstProd:
    """Score what serves now on the rows that the new version was scored on.

    A version of another data set takes the place of `prod` without a comparison, as there are no
    rows that both can be asked. DataError where the same data set has other columns now.
    """
    predictor = Predictor.open(fetch_file(registry, present))
    if changes := signature_changes(predictor.info.data_schema, manifest.data_schema):
        if why := another_data_set(predictor.info, manifest):
            return AgainstProd(why_not=why)
        lines = "\n".join(f"  {change}" for change in told(changes))
        raise DataError(
            f"Version {present.version} in prod was trained when '{manifest.name}' was otherwise, "
            f"so it cannot be asked the rows that the new version is measured by:\n{lines}\n"
            "Where that is meant, promote with --skip-comparison and a --reason."
        )
    theirs = evaluate(predictor, manifest)
    target = manifest.data_schema.target
    rules = compare(target, result.truth, result.predictions, theirs.predictions, how)
    return AgainstProd(tuple(rules))


def another_data_set(prod: ModelInfo, manifest: Manifest) -> str:
    """How the data set of `prod` is another one, by its name or its target; empty where it is not.

    One whose classes or columns changed is the same one.
    """
    former, now = prod.data_schema.target, manifest.data_schema.target
    if prod.data_name != manifest.name:
        return f"prod was trained on '{prod.data_name}', this version on '{manifest.name}'"
    if (former.name, former.task) != (now.name, now.task):
        return (
            f"prod predicts '{former.name}' ({former.task}), this version '{now.name}' ({now.task})"
        )
    return ""
