"""A model that answers: features in, `Predictions` out."""

from pathlib import Path
from typing import Self

import numpy as np

from {{ cookiecutter.package_name }}.data.features import Features
from {{ cookiecutter.package_name }}.inference.records import RowReader
from {{ cookiecutter.package_name }}.inference.runtime import Arrays, OnnxRuntime, Runtime
from {{ cookiecutter.package_name }}.schemas.model import ModelInfo, Predictions, likeliest


class Predictor:
    """Any `Runtime`, with the description of the model that it runs and a reader of its rows."""

    def __init__(self, runtime: Runtime, info: ModelInfo) -> None:
        self.info = info
        self.rows = RowReader(info.data_schema)
        self._runtime = runtime
        self._classes = np.array(info.data_schema.target.classes, dtype=object)

    @classmethod
    def open(cls, path: Path, threads: int = 1) -> Self:
        """Load an exported `model.onnx`; ModelNotFound, ArtifactMismatch where it cannot be."""
        runtime = OnnxRuntime(path, threads)
        return cls(runtime, runtime.info)

    def _feeds(self, features: Features) -> Arrays:
        feeds: Arrays = {}
        if self.info.data_schema.numbers:
            feeds["numeric"] = features.numeric
        if self.info.data_schema.categories:
            feeds["categorical"] = features.categorical
        return feeds

    def predict(self, features: Features) -> Predictions:
        """Answer N rows at once, in their order."""
        if self.info.data_schema.target.task == "regression":
            (values,) = self._runtime.run(["value"], self._feeds(features))
            return Predictions(values.astype(np.float32, copy=False))
        # Labels are looked up here: a string output would cost the graph more than its maths.
        (scores,) = self._runtime.run(["probabilities"], self._feeds(features))
        probabilities = scores.astype(np.float32, copy=False)
        return Predictions(self._classes[likeliest(probabilities)], probabilities)
