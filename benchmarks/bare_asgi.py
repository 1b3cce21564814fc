"""The other limit: ONNX Runtime behind a bare ASGI callable that validates nothing.

`bare_asgi.py PORT MODEL`
"""

import sys
from collections.abc import Awaitable, Callable
from typing import Any

import numpy as np
import onnxruntime as ort
import orjson
import uvicorn

OPTIONS = ort.SessionOptions()
OPTIONS.intra_op_num_threads = OPTIONS.inter_op_num_threads = 1
SESSION = ort.InferenceSession(sys.argv[2], OPTIONS, providers=["CPUExecutionProvider"])
LABELS = [str(number) for number in range(10)]
HEADERS = [(b"content-type", b"application/json")]


def answer(body: bytes) -> bytes:
    """Labels and probabilities for the rows of a body that is trusted."""
    rows = np.array(orjson.loads(body)["inputs"], dtype=np.float32)
    (scores,) = SESSION.run(["probabilities"], {"numeric": rows})
    labels = [LABELS[place] for place in scores.argmax(axis=1)]
    content = {"predictions": labels, "probabilities": scores}
    return orjson.dumps(content, option=orjson.OPT_SERIALIZE_NUMPY)


async def app(
    scope: dict[str, Any],
    receive: Callable[[], Awaitable[dict[str, Any]]],
    send: Callable[[dict[str, Any]], Awaitable[None]],
) -> None:
    """Answer every request."""
    body, more = b"", scope["method"] == "POST"
    while more:
        message = await receive()
        body += message["body"]
        more = message["more_body"]
    content = answer(body) if body else b"{}"
    length = (b"content-length", str(len(content)).encode())
    await send({"type": "http.response.start", "status": 200, "headers": [*HEADERS, length]})
    await send({"type": "http.response.body", "body": content})


if __name__ == "__main__":
    uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), access_log=False, lifespan="off")
