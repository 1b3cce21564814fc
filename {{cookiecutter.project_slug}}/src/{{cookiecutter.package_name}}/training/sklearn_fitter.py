"""scikit-learn estimators as models of this project."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from onnx import ModelProto
from skl2onnx import to_onnx
from skl2onnx.common.data_types import FloatTensorType

from {{ cookiecutter.package_name }}.training.fitting import (
    INPUT,
    OPSET,
    OUTPUT,
    EncodedData,
    EncodedSplit,
    FitContext,
    Fitted,
    Matrix,
)

ROWS_A_CLASS = 10
"""How many rows of each class a `fast_dev_run` fits on."""


class SklearnFitter:
    """Fits `classifier` or `regressor`, whichever the task asks for.

    Whatever of the estimator takes a `random_state` gets the run's seed.
    """

    def __init__(self, *, name: str, classifier: Any, regressor: Any) -> None:
        self.name = name
        self._classifier, self._regressor = classifier, regressor

    def fit(self, data: EncodedData, context: FitContext) -> Fitted:
        """Fit the estimator; it has no epochs, so there is nothing to resume."""
        classifies = data.task == "classification"
        estimator = self._classifier if classifies else self._regressor
        seeded = [name for name in estimator.get_params() if name.endswith("random_state")]
        estimator.set_params(**dict.fromkeys(seeded, context.seed))
        split = _few_rows(data) if context.fast_dev_run else data.train
        estimator.fit(split.inputs, split.targets)

        def reference(inputs: Matrix) -> Matrix:
            if classifies:
                return np.asarray(estimator.predict_proba(inputs), dtype=np.float32)
            return np.asarray(estimator.predict(inputs), dtype=np.float32).reshape(-1, 1)

        core = _core(estimator, data.train.inputs.shape[1], classifies=classifies)
        return Fitted(core, reference)


def _few_rows(data: EncodedData) -> EncodedSplit:
    """A few rows of every class, so that each has its column in the probabilities."""
    targets = data.train.targets
    labels: NDArray[np.int64] = np.arange(data.outputs)
    groups = [np.flatnonzero(targets == label)[:ROWS_A_CLASS] for label in labels]
    rows = np.concatenate(groups) if data.task == "classification" else np.arange(100)
    rows = rows[rows < len(targets)]
    return EncodedSplit(data.train.inputs[rows], targets[rows])


def _core(estimator: Any, width: int, *, classifies: bool) -> ModelProto:
    """The estimator as a graph; only its scores stay, under the name all cores share."""
    plain = {"zipmap": False}  # an array of probabilities, not a dictionary a row
    options = {id(estimator): plain} if classifies else None
    graph: ModelProto = to_onnx(
        estimator,
        initial_types=[(INPUT, FloatTensorType([None, width]))],
        target_opset={"": OPSET, "ai.onnx.ml": 3},
        options=options,
    )
    outputs = graph.graph.output
    scores = outputs[-1].name
    del outputs[:-1]
    for node in graph.graph.node:
        node.output[:] = [OUTPUT if name == scores else name for name in node.output]
    outputs[0].name = OUTPUT
    return graph
