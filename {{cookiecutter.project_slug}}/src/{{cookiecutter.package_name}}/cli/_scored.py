"""A model, scored on the test split: what `evaluate` and `promote` share."""

from dataclasses import dataclass
from pathlib import Path

from {{ cookiecutter.package_name }}.data.processed import load_manifest
from {{ cookiecutter.package_name }}.evaluation.evaluate import EvaluationResult, evaluate
from {{ cookiecutter.package_name }}.inference.predictor import Predictor
from {{ cookiecutter.package_name }}.integrations import backends
from {{ cookiecutter.package_name }}.integrations.model_store import fetch_file
from {{ cookiecutter.package_name }}.integrations.registry import Registry
from {{ cookiecutter.package_name }}.integrations.versions import VersionInfo
from {{ cookiecutter.package_name }}.schemas.dataset import Manifest
from {{ cookiecutter.package_name }}.schemas.model import ModelInfo, ServedVersion


@dataclass(frozen=True)
class Scored:
    """What the model says of itself, the data now, and what came out."""

    info: ModelInfo
    manifest: Manifest
    result: EvaluationResult


@dataclass(frozen=True)
class ScoredVersion(Scored):
    """The same of a registered version."""

    version: VersionInfo

    @property
    def test_tags(self) -> dict[str, str]:
        """The numbers as version tags, with the digest of the split that they are of."""
        numbers = {f"test/{name}": f"{value:.6g}" for name, value in self.result.metrics.items()}
        return {"test_digest": self.result.digest, **numbers}

    @property
    def test_metrics(self) -> dict[str, float]:
        """The numbers as metrics of the run that made the version."""
        return {f"test/{name}": value for name, value in self.result.metrics.items()}


def score_version(
    registry: Registry, version: VersionInfo, backend: str = backends.DEFAULT
) -> ScoredVersion:
    """Fetch the version's model and score it on the test split of the data it was trained on.

    `backend` runs it; a ModelError where it cannot.
    """
    served = ServedVersion(name=version.name, version=version.version, run_id=version.run_id)
    runner = backends.named(backend)
    scored = _scored(runner.predictor(fetch_file(registry, version), served))
    return ScoredVersion(scored.info, scored.manifest, scored.result, version)


def score_file(model: Path) -> Scored:
    """Score an exported model, run in this process, on the same test split."""
    return _scored(Predictor.open(model))


def _scored(predictor: Predictor) -> Scored:
    manifest = load_manifest(predictor.info.data_name)
    return Scored(predictor.info, manifest, evaluate(predictor, manifest))
