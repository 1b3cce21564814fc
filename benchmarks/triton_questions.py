"""The same rows as each protocol asks about them: URL, body and headers by the number of rows."""

import struct
from collections.abc import Callable
from typing import Any

from serving_subjects import as_floats, as_json, rows_of
from triton_load import Question


def over_http(server: Any, model: str) -> Callable[[int], Question]:
    """Tensors as bytes behind a JSON header, as NVIDIA's client sends them."""
    from tritonclient import http

    def question(rows: int) -> Question:
        import numpy as np

        values = np.array(rows_of(rows), dtype=np.float32)
        tensor = http.InferInput("numeric", list(values.shape), "FP32").set_data_from_numpy(values)
        wanted = [http.InferRequestedOutput("probabilities")]
        body, size = http.InferenceServerClient.generate_request_body([tensor], outputs=wanted)
        headers = (
            "content-type: application/octet-stream",
            f"inference-header-content-length: {size}",
        )
        return Question(f"{server.url('http')}/v2/models/{model}/infer", body, headers)

    return question


def over_grpc(server: Any, model: str) -> Callable[[int], Question]:
    """One call of ModelInfer."""
    from tritonclient.grpc import service_pb2

    def question(rows: int) -> Question:
        asked_for = service_pb2.ModelInferRequest(model_name=model)
        asked_for.inputs.add(name="numeric", datatype="FP32", shape=[rows, 64])
        asked_for.outputs.add(name="probabilities")
        asked_for.raw_input_contents.append(as_floats(rows_of(rows)))
        message = asked_for.SerializeToString()
        body = b"\0" + struct.pack(">I", len(message)) + message
        url = server.url("grpc").replace("grpc://", "http://")
        path = "/inference.GRPCInferenceService/ModelInfer"
        kind = ("content-type: application/grpc", "te: trailers")
        return Question(f"{url}{path}", body, kind, http1=False)

    return question


def over_json(url: str) -> Callable[[int], Question]:
    """The service's own request."""
    kind = ("content-type: application/json",)
    return lambda rows: Question(f"{url}/v1/predict", as_json(rows_of(rows)), kind)


def over_bytes(url: str) -> Callable[[int], Question]:
    """The service's request in bytes."""
    kind = ("content-type: application/octet-stream",)
    return lambda rows: Question(f"{url}/v1/predict", as_floats(rows_of(rows)), kind)
