"""LitServe with the same model: `litserve_app.py PORT MODEL`."""

import sys
from typing import Any

import litserve
import numpy as np
import onnxruntime as ort


class Digits(litserve.LitAPI):
    """Rows in, labels and probabilities out."""

    def setup(self, device: str) -> None:  # noqa: ARG002
        """Load the model, in the process that answers."""
        options = ort.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self.session = ort.InferenceSession(
            sys.argv[2], options, providers=["CPUExecutionProvider"]
        )

    def decode_request(self, request: dict[str, Any]) -> Any:
        """The rows as the model takes them."""
        return np.array(request["inputs"], dtype=np.float32)

    def predict(self, rows: Any) -> Any:
        """Run the model."""
        return self.session.run(["label", "probabilities"], {"numeric": rows})

    def encode_response(self, output: Any) -> dict[str, Any]:
        """The answer, as the others give it."""
        return {"predictions": output[0].tolist(), "probabilities": output[1].tolist()}


if __name__ == "__main__":
    server = litserve.LitServer(Digits(), accelerator="cpu", workers_per_device=1)
    server.run(
        host="127.0.0.1",
        port=int(sys.argv[1]),
        num_api_servers=1,
        generate_client_file=False,
        access_log=False,
    )
