"""A served model's answers on a split that it did not learn from."""

from dataclasses import dataclass

import numpy as np

from {{ cookiecutter.package_name }}.data.drift import signature_changes, told
from {{ cookiecutter.package_name }}.data.processed import load_split
from {{ cookiecutter.package_name }}.evaluation.metrics import Truth, score
from {{ cookiecutter.package_name }}.inference.predictor import Predictor
from {{ cookiecutter.package_name }}.schemas.dataset import DataSchema, Manifest, SplitName
from {{ cookiecutter.package_name }}.schemas.errors import DataError
from {{ cookiecutter.package_name }}.schemas.model import Predictions

CHUNK_ROWS = 4096
"""Rows answered at once: memory stays the same however many there are."""


@dataclass(frozen=True)
class EvaluationResult:
    """What was asked, what was answered, and how good that is. `digest` is the split's SHA-256."""

    split: SplitName
    digest: str
    truth: Truth
    predictions: Predictions
    metrics: dict[str, float]

    @property
    def rows(self) -> int:
        """Number of rows scored."""
        return len(self.truth)


def evaluate(
    predictor: Predictor, manifest: Manifest, split: SplitName = "test"
) -> EvaluationResult:
    """Score one split through the served predictor.

    DataError where the data has other columns or another target than the model was trained on.
    """
    _check_same(predictor.info.data_schema, manifest)
    held_out = load_split(manifest, split)
    parts = [
        predictor.predict(held_out.features[start : start + CHUNK_ROWS])
        for start in range(0, len(held_out), CHUNK_ROWS)
    ]
    predictions = _joined(parts) if parts else Predictions(np.empty(0, dtype=np.float32))
    metrics = score(manifest.data_schema.target, held_out.target, predictions)
    digest = manifest.files[split].sha256
    return EvaluationResult(split, digest, held_out.target, predictions, metrics)


def _joined(parts: list[Predictions]) -> Predictions:
    scores = [part.probabilities for part in parts if part.probabilities is not None]
    probabilities = np.concatenate(scores) if scores else None
    return Predictions(np.concatenate([part.values for part in parts]), probabilities)


def _check_same(trained: DataSchema, manifest: Manifest) -> None:
    """Whether the model can be asked this data: its columns, in kind and order, and its target."""
    if changes := signature_changes(trained, manifest.data_schema):
        lines = "\n".join(f"  {change}" for change in told(changes))
        raise DataError(
            f"The data set '{manifest.name}' is not what the model was trained on any more:\n"
            f"{lines}\nPrepare the former data, or train again."
        )
