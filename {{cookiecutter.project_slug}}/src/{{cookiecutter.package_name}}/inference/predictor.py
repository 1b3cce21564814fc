"""A model that answers: features in, `Predictions` out."""

from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from {{ cookiecutter.package_name }}.data.features import Features
from {{ cookiecutter.package_name }}.inference.records import RowReader
from {{ cookiecutter.package_name }}.inference.runtime import (
    Arrays,
    OnnxRuntime,
    RemoteRuntime,
    Runtime,
)
from {{ cookiecutter.package_name }}.inference.tensors import TensorReader
from {{ cookiecutter.package_name }}.schemas.model import ModelInfo, Predictions, likeliest


class Predictor:
    """Any `Runtime`, with the description of the model that it runs and readers of its rows."""

    def __init__(self, runtime: Runtime, info: ModelInfo) -> None:
        self.info = info
        self.rows = RowReader(info.data_schema)
        self.tensors = TensorReader(info.data_schema)
        self._runtime = runtime
        schema = info.data_schema
        self._classes = np.array(schema.target.classes, dtype=object)
        self._regression = schema.target.task == "regression"
        # Labels are looked up here: a string output would cost the graph more than its maths.
        self._outputs = ["value" if self._regression else "probabilities"]
        self._has_numbers, self._has_categories = bool(schema.numbers), bool(schema.categories)

    @classmethod
    def open(cls, path: Path, threads: int = 1) -> Self:
        """Load an exported `model.onnx`; ModelNotFound, ArtifactMismatch where it cannot be."""
        runtime = OnnxRuntime(path, threads)
        return cls(runtime, runtime.info)

    def _feeds(self, features: Features) -> Arrays:
        feeds: Arrays = {}
        if self._has_numbers:
            feeds["numeric"] = features.numeric
        if self._has_categories:
            feeds["categorical"] = features.categorical
        return feeds

    def predict(self, features: Features) -> Predictions:
        """Answer N rows at once, in their order."""
        (answers,) = self._runtime.run(self._outputs, self._feeds(features))
        return self._predictions(answers)

    async def ask(self, features: Features) -> Predictions:
        """`predict`, awaited where the runtime is a server; else done at once."""
        if not isinstance(self._runtime, RemoteRuntime):
            return self.predict(features)
        (answers,) = await self._runtime.ask(self._outputs, self._feeds(features))
        return self._predictions(answers)

    def _predictions(self, answers: NDArray[np.generic]) -> Predictions:
        numbers = answers.astype(np.float32, copy=False)
        if self._regression:
            return Predictions(numbers)
        return Predictions(self._classes[likeliest(numbers)], numbers)
