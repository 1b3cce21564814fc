"""MLServer with the same model, in one process: `mlserver start FOLDER`, the model in `MODEL`."""

import os

import numpy as np
import onnxruntime as ort
from mlserver import MLModel
from mlserver.codecs import NumpyCodec, StringCodec
from mlserver.types import InferenceRequest, InferenceResponse


class Digits(MLModel):  # type: ignore[misc]
    """Rows in, labels and probabilities out."""

    async def load(self) -> bool:
        """Load the model."""
        options = ort.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self.session = ort.InferenceSession(
            os.environ["MODEL"], options, providers=["CPUExecutionProvider"]
        )
        return True

    async def predict(self, payload: InferenceRequest) -> InferenceResponse:
        """The answer, as the Open Inference Protocol has it."""
        rows = NumpyCodec.decode_input(payload.inputs[0]).astype(np.float32)
        labels, scores = self.session.run(["label", "probabilities"], {"numeric": rows})
        outputs = [
            StringCodec.encode_output("label", labels.tolist()),
            NumpyCodec.encode_output("probabilities", scores),
        ]
        return InferenceResponse(model_name=self.name, outputs=outputs)
