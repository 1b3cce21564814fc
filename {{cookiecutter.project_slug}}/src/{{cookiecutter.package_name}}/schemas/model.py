"""What a served model is: its signature, classes and origin, and what it answers."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from {{ cookiecutter.package_name }}.schemas.dataset import DataSchema, Record

MODEL_FILE = "model.onnx"
GOLDEN_FILE = "golden.json"
"""Files of a trained model: its graph, and rows with what it answered when it was trained."""

METADATA_KEY = "model_info"
"""Key of the ONNX file's own metadata under which `ModelInfo` is stored as JSON."""


class ModelInfo(Record):
    """Travels inside `model.onnx`, so that the one file can be served anywhere.

    `data_digest` is the manifest's; `metrics` are those of the validation split at training.
    """

    project: str
    model_name: str
    data_name: str
    data_digest: str
    data_schema: DataSchema
    metrics: dict[str, float]
    git_sha: str | None = None
    template_version: str | None = None


class ServedVersion(Record):
    """Which registered version answered. `version` is "local" for a file without a registry."""

    name: str
    version: str
    alias: str | None = None
    run_id: str | None = None


@dataclass(frozen=True)
class Predictions:
    """Answers for N rows, in the order of the rows.

    `values` has shape (N,): class labels as strings (object dtype) for classification,
    float32 for regression. `probabilities` has shape (N, classes) in the order of the target's
    `classes`, float32; None for regression.
    """

    values: NDArray[np.object_] | NDArray[np.float32]
    probabilities: NDArray[np.float32] | None = None

    def __getitem__(self, rows: slice | NDArray[np.int64]) -> Self:
        probabilities = self.probabilities
        part = None if probabilities is None else probabilities[rows]
        return type(self)(self.values[rows], part)


def likeliest(probabilities: NDArray[np.float32]) -> NDArray[np.int64]:
    """The class of each row, as its place among the target's `classes`: the label it is given."""
    places: NDArray[np.int64] = probabilities.argmax(axis=1)
    return places
