"""Everything that is measured before an alias moves: a verified export, floors, comparison."""

import tempfile
from dataclasses import dataclass
from pathlib import Path

from {{ cookiecutter.package_name }}.data.processed import load_manifest, load_split
from {{ cookiecutter.package_name }}.evaluation.comparison import compare
from {{ cookiecutter.package_name }}.evaluation.evaluate import EvaluationResult, evaluate
from {{ cookiecutter.package_name }}.evaluation.gate import (
    GateDecision,
    class_rules,
    decide,
    slice_rules,
)
from {{ cookiecutter.package_name }}.evaluation.gate_file import (
    Floors,
    Promotion,
    gate_path,
    read_floors,
)
from {{ cookiecutter.package_name }}.evaluation.rules import RuleResult
from {{ cookiecutter.package_name }}.inference.predictor import Predictor
from {{ cookiecutter.package_name }}.integrations.model_store import fetch_file
from {{ cookiecutter.package_name }}.integrations.registry import Registry
from {{ cookiecutter.package_name }}.integrations.release import stage
from {{ cookiecutter.package_name }}.integrations.released import fetch_release
from {{ cookiecutter.package_name }}.integrations.versions import VersionInfo
from {{ cookiecutter.package_name }}.schemas.dataset import Manifest
from {{ cookiecutter.package_name }}.schemas.errors import DataError


@dataclass(frozen=True)
class Gated:
    """What was measured and decided, on which data."""

    manifest: Manifest
    result: EvaluationResult
    decision: GateDecision

    @property
    def test_tags(self) -> dict[str, str]:
        """The numbers as version tags, with the digest of the split that they are of."""
        numbers = {f"test/{name}": f"{value:.6g}" for name, value in self.result.metrics.items()}
        return {"test_digest": self.result.digest, **numbers}


def gate(
    registry: Registry, version: VersionInfo, present: VersionInfo | None, promotion: Promotion
) -> Gated:
    """Verify the version as `export` does, score it, and hold every number against its limit.

    `present` is what serves now: both are scored on the test split that is prepared now.
    Raises what fetching, verifying and reading data raise.
    """
    files = fetch_release(registry, version)
    with tempfile.TemporaryDirectory() as scratch:
        verified = stage(files, Path(scratch), promotion.latency_ms)
    predictor = Predictor.open(files.model)
    manifest = load_manifest(predictor.info.data_name)
    _check_same_data(version, predictor, manifest)
    result = evaluate(predictor, manifest)
    rules = [*verified.rules, *_floor_rules(manifest, result)]
    if present is not None and present.version != version.version:
        rules += _comparison(registry, present, manifest, result, promotion)
    return Gated(manifest, result, GateDecision(tuple(rules)))


def _check_same_data(version: VersionInfo, predictor: Predictor, manifest: Manifest) -> None:
    trained, prepared = predictor.info.data_digest, manifest.digest
    if trained != prepared:
        raise DataError(
            f"The data set '{manifest.name}' prepared now (digest {prepared[:12]}…) is not "
            f"the one that version {version.version} was trained on ({trained[:12]}…): prepare "
            "that data again, or train a version on this data."
        )
    evaluated, now = version.tags.get("test_digest"), manifest.files["test"].sha256
    if evaluated is not None and evaluated != now:
        raise DataError(
            f"Version {version.version} was evaluated on another test set ({evaluated[:12]}…) than "
            f"the one prepared now ({now[:12]}…): run `evaluate --version {version.version}` and "
            "look at its numbers first."
        )


def _floor_rules(manifest: Manifest, result: EvaluationResult) -> list[RuleResult]:
    schema = manifest.data_schema
    floors = read_floors(gate_path(), manifest.name, schema.target)
    rules = [
        *decide(result.metrics, floors.overall).rules,
        *class_rules(schema, result, floors.each_class),
    ]
    return [*rules, *_slices(manifest, result, floors)]


def _slices(manifest: Manifest, result: EvaluationResult, floors: Floors) -> list[RuleResult]:
    if not floors.slices:
        return []
    features = load_split(manifest, "test").features
    return list(slice_rules(manifest.data_schema, features, result, floors))


def _comparison(
    registry: Registry,
    present: VersionInfo,
    manifest: Manifest,
    result: EvaluationResult,
    promotion: Promotion,
) -> list[RuleResult]:
    predictor = Predictor.open(fetch_file(registry, present))
    try:
        theirs = evaluate(predictor, manifest)
    except DataError as error:
        raise DataError(
            f"Version {present.version} in prod cannot be asked the rows that the new version is "
            f"measured by, so the two cannot be compared: {error} Where that is meant, "
            "say --skip-comparison with a --reason."
        ) from error
    target = manifest.data_schema.target
    return compare(target, result.truth, result.predictions, theirs.predictions, promotion.compare)
