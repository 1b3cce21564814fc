"""From prepared data to a model file that any ONNX runtime can serve."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray

from {{ cookiecutter.package_name }}.data.processed import Split, load_split
from {{ cookiecutter.package_name }}.inference.golden import Golden
from {{ cookiecutter.package_name }}.inference.predictor import Predictor
from {{ cookiecutter.package_name }}.schemas.dataset import Manifest
from {{ cookiecutter.package_name }}.schemas.errors import ArtifactMismatch
from {{ cookiecutter.package_name }}.schemas.model import (
    GOLDEN_FILE,
    MODEL_FILE,
    ModelInfo,
    Predictions,
)
from {{ cookiecutter.package_name }}.training.encoder import Encoder
from {{ cookiecutter.package_name }}.training.export import assemble, describe
from {{ cookiecutter.package_name }}.training.fitting import (
    EncodedData,
    EncodedSplit,
    Epoch,
    FitContext,
    Fitter,
)

TOLERANCE = 1e-4
"""Largest difference allowed between a score of the served graph and the trained model's."""


@dataclass(frozen=True)
class TrainedModel:
    """A model file, what it answers on the validation split, and how and where training went."""

    path: Path
    graph: onnx.ModelProto
    validation: Split
    predictions: Predictions
    history: list[Epoch]
    checkpoint: Path | None
    computed_on: str


@dataclass(frozen=True)
class _TargetScale:
    """Mean and standard deviation of training targets; 0 and 1 for classes."""

    mean: float
    scale: float

    def apply(
        self, targets: NDArray[np.int64] | NDArray[np.float32]
    ) -> NDArray[np.int64] | NDArray[np.float32]:
        """Standardised values; classes as they are."""
        if targets.dtype.kind == "i":
            return targets
        return ((targets - self.mean) / self.scale).astype(np.float32)


def _target_scale(train: Split) -> _TargetScale:
    if train.target.dtype.kind == "i":
        return _TargetScale(0.0, 1.0)
    targets = train.target.astype(np.float64)
    return _TargetScale(float(targets.mean()), float(targets.std()) or 1.0)


def fit(fitter: Fitter, manifest: Manifest, context: FitContext, info: ModelInfo) -> TrainedModel:
    """Fit on the prepared data and write `model.onnx` and `golden.json` to the run folder.

    ArtifactMismatch where the written graph does not answer as the trained model does.
    """
    schema = manifest.data_schema
    train, val = load_split(manifest, "train"), load_split(manifest, "val")
    encoder, scale = Encoder.fit(train.features, schema), _target_scale(train)
    data = EncodedData(
        train=EncodedSplit(encoder.encode(train.features), scale.apply(train.target)),
        val=EncodedSplit(encoder.encode(val.features), scale.apply(val.target)),
        task=schema.target.task,
        outputs=len(schema.target.classes) or 1,
        image_shape=schema.image_shape,
    )
    fitted = fitter.fit(data, context)
    graph = assemble(fitted.core, encoder, schema, scale.mean, scale.scale)
    path = save(graph, info, context.folder)
    predictions = Predictor.open(path).predict(val.features)
    reference = fitted.reference(data.val.inputs)
    _check_parity(reference, scale, predictions)
    _golden(val, manifest, reference, scale).write(context.folder / GOLDEN_FILE)
    return TrainedModel(
        path,
        graph,
        val,
        predictions,
        fitted.history,
        fitted.checkpoint,
        fitted.computed_on,
    )


def save(graph: onnx.ModelProto, info: ModelInfo, folder: Path) -> Path:
    """Write the graph with its description and return the file's path."""
    path = folder / MODEL_FILE
    onnx.save_model(describe(graph, info), path)
    return path


def _golden(
    val: Split, manifest: Manifest, reference: NDArray[np.float32], scale: _TargetScale
) -> Golden:
    """Validation rows with the trained model's own answers, in the target's unit."""
    schema, answers = manifest.data_schema, reference.astype(np.float64)
    allowed = TOLERANCE
    if schema.target.task == "regression":
        answers = answers * scale.scale + scale.mean
        allowed = _allowed(answers, scale) * scale.scale
    return Golden.of(val.features, schema, answers, allowed)


def _allowed(values: NDArray[np.generic], scale: _TargetScale) -> float:
    """The difference of standardised scores that is none: far from zero float32 is coarse."""
    largest = np.abs(values).max().astype(np.float32)
    return TOLERANCE + 2 * float(np.spacing(largest)) / scale.scale


def _check_parity(expected: NDArray[np.float32], scale: _TargetScale, served: Predictions) -> None:
    allowed = TOLERANCE
    if served.probabilities is not None:
        got = served.probabilities.astype(np.float64)
    else:
        values = np.asarray(served.values, dtype=np.float32)
        got = (values[:, None].astype(np.float64) - scale.mean) / scale.scale
        allowed = _allowed(values, scale)
    difference = float(np.abs(expected - got).max())
    if not difference <= allowed:
        raise ArtifactMismatch(
            f"The exported graph differs from the trained model by {difference:.2g} on the "
            f"validation split, more than {allowed:.2g}; it was not registered."
        )
