"""BentoML with the same model: `bentoml serve bentoml_app:Digits`, the model's path in `MODEL`."""

import os
from typing import Any

import bentoml
import numpy as np
import onnxruntime as ort


@bentoml.service(workers=1, logging={"access": {"enabled": False}})
class Digits:
    """Rows in, labels and probabilities out."""

    def __init__(self) -> None:
        options = ort.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self.session = ort.InferenceSession(
            os.environ["MODEL"], options, providers=["CPUExecutionProvider"]
        )

    @bentoml.api  # type: ignore[misc]
    def predict(self, inputs: list[list[float]]) -> dict[str, Any]:
        """The answer, as the others give it."""
        rows = np.array(inputs, dtype=np.float32)
        labels, scores = self.session.run(["label", "probabilities"], {"numeric": rows})
        return {"predictions": labels.tolist(), "probabilities": scores.tolist()}
