"""Everything that is measured before an alias moves: a verified export, floors, comparison."""

import tempfile
from dataclasses import dataclass
from pathlib import Path

from {{ cookiecutter.package_name }}.cli._against_prod import AgainstProd, against_prod
from {{ cookiecutter.package_name }}.data.processed import load_manifest, load_split
from {{ cookiecutter.package_name }}.evaluation.evaluate import EvaluationResult, evaluate
from {{ cookiecutter.package_name }}.evaluation.gate import (
    GateDecision,
    class_rules,
    decide,
    joined,
    slice_rules,
)
from {{ cookiecutter.package_name }}.evaluation.gate_file import (
    Promotion,
    gate_path,
    read_floors,
)
from {{ cookiecutter.package_name }}.inference.predictor import Predictor
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
    not_compared: str = ""
    """Why it was not held against what serves; empty where it was, or nothing serves."""

    @property
    def test_tags(self) -> dict[str, str]:
        """The numbers as version tags, with the digest of the split that they are of."""
        numbers = {f"test/{name}": f"{value:.6g}" for name, value in self.result.metrics.items()}
        return {"test_digest": self.result.digest, **numbers}


def gate(
    registry: Registry,
    version: VersionInfo,
    present: VersionInfo | None,
    promotion: Promotion,
    *,
    compared: bool,
) -> Gated:
    """Verify the version as `export` does, score it, and hold every number against its limit.

    `present` is what serves now: where they are `compared`, both are scored on the test split
    that is prepared now.
    Raises what fetching, verifying and reading data raise.
    """
    files = fetch_release(registry, version)
    with tempfile.TemporaryDirectory() as scratch:
        verified = stage(files, Path(scratch), promotion.latency_ms)
    predictor = Predictor.open(files.model)
    manifest = load_manifest(predictor.info.data_name)
    check_same_data(version, predictor, manifest)
    result = evaluate(predictor, manifest)
    floors = held(manifest, result)
    other = AgainstProd()
    if present is not None and not compared:
        other = AgainstProd(why_not="--skip-comparison")
    elif present is not None:
        other = against_prod(registry, present, manifest, result, promotion.compare)
    rules = (*verified.rules, *floors.rules, *other.rules)
    decision = GateDecision(rules, floors.left_out)
    return Gated(manifest, result, decision, other.why_not)


def check_same_data(version: VersionInfo, predictor: Predictor, manifest: Manifest) -> None:
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


def held(manifest: Manifest, result: EvaluationResult) -> GateDecision:
    """The declared floors: over all rows, of each class, of each slice."""
    schema = manifest.data_schema
    floors = read_floors(gate_path(), manifest.name, schema.target)
    decisions = [decide(result.metrics, floors.overall), class_rules(schema, result, floors)]
    if floors.slices:
        features = load_split(manifest, "test").features
        decisions.append(slice_rules(schema, features, result, floors))
    return joined(decisions)
