"""One connection to a Triton server, over gRPC or HTTP, whose failures are sentences."""

import json
from typing import Any, Protocol
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray

from {{ cookiecutter.package_name }}.inference.runtime import Arrays
from {{ cookiecutter.package_name }}.integrations.triton_errors import answering
from {{ cookiecutter.package_name }}.schemas.errors import ConfigError

_PORTS = {"grpc": 8001, "grpcs": 8001, "http": 8000, "https": 8000}
_RETRIES = {
    "maxAttempts": 3,
    "initialBackoff": "0.2s",
    "maxBackoff": "1s",
    "backoffMultiplier": 2,
    "retryableStatusCodes": ["UNAVAILABLE"],
}
_CHANNEL = [
    ("grpc.max_send_message_length", -1),
    ("grpc.max_receive_message_length", -1),
    # A server that comes back is found before the retries are used up, not minutes later.
    ("grpc.initial_reconnect_backoff_ms", 100),
    ("grpc.max_reconnect_backoff_ms", 400),
    # To compute an answer twice does no harm.
    (
        "grpc.service_config",
        json.dumps({"methodConfig": [{"name": [{}], "retryPolicy": _RETRIES}]}),
    ),
]


class TritonClient(Protocol):
    """What is asked of a server; every answer comes within the client's deadline."""

    def config(self, model: str) -> dict[str, Any]:
        """The model's configuration, as Triton's JSON has it."""
        ...

    def infer(
        self, model: str, version: str, outputs: list[str], feeds: Arrays
    ) -> list[NDArray[np.generic]]:
        """Run one batch; strings go in and come out as `str` in object arrays."""
        ...

    def close(self) -> None:
        """Close the connections; a server that is told to stop waits for that."""
        ...


def connect(url: str, seconds: float) -> TritonClient:
    """A client for `grpc://host:8001` or `http://host:8000` (`grpcs`, `https`: with TLS).

    Nothing is asked yet. `seconds` is the deadline of each answer. ConfigError where the address
    is none of these.
    """
    parts = urlsplit(url)
    try:
        port = parts.port or _PORTS.get(parts.scheme)
    except ValueError:
        port = None
    if parts.scheme not in _PORTS or not parts.hostname or port is None:
        raise ConfigError(
            f"'{url}' is not the address of a Triton server: expected grpc://host:8001 or "
            "http://host:8000 (grpcs:// or https:// with TLS)."
        )
    secure = parts.scheme.endswith("s")
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    kind = GrpcClient if parts.scheme.startswith("grpc") else HttpClient
    return kind(url, f"{host}:{port}", seconds, secure=secure)


class _Client:
    """What both protocols share: their two libraries have the same methods."""

    def __init__(self, url: str, seconds: float, api: Any, client: Any, **deadline: float) -> None:
        self._url, self._seconds = url, seconds
        self._api, self._client, self._deadline = api, client, deadline

    def close(self) -> None:
        self._client.close()

    def _config(self, model: str, **form: bool) -> dict[str, Any]:
        with answering(self._url, model, self._seconds):
            answer: dict[str, Any] = self._client.get_model_config(model, **form, **self._deadline)
        return answer

    def infer(
        self, model: str, version: str, outputs: list[str], feeds: Arrays
    ) -> list[NDArray[np.generic]]:
        inputs = _inputs(self._api, feeds)
        asked = [self._api.InferRequestedOutput(name) for name in outputs]
        with answering(self._url, model, self._seconds):
            answer = self._client.infer(model, inputs, version, asked, **self._deadline)
            return [_strings(answer.as_numpy(name)) for name in outputs]


class GrpcClient(_Client):
    """Over gRPC. It connects anew by itself, and asks again where the connection breaks."""

    def __init__(self, url: str, address: str, seconds: float, *, secure: bool) -> None:
        from tritonclient import grpc

        client = grpc.InferenceServerClient(address, ssl=secure, channel_args=_CHANNEL)
        super().__init__(url, seconds, grpc, client, client_timeout=seconds)

    def config(self, model: str) -> dict[str, Any]:
        return dict(self._config(model, as_json=True)["config"])


class HttpClient(_Client):
    """Over HTTP; for one thread, because its connections belong to that thread's event loop.

    A connection that the server closed meanwhile is opened again by itself.
    """

    def __init__(self, url: str, address: str, seconds: float, *, secure: bool) -> None:
        from tritonclient import http

        client = http.InferenceServerClient(
            address, connection_timeout=seconds, network_timeout=seconds, ssl=secure
        )
        super().__init__(url, seconds, http, client)

    def config(self, model: str) -> dict[str, Any]:
        return self._config(model)


def _inputs(api: Any, feeds: Arrays) -> list[Any]:
    from tritonclient.utils import np_to_triton_dtype

    inputs = []
    for name, array in feeds.items():
        values = array.astype(object) if array.dtype.kind == "U" else array
        tensor = api.InferInput(name, list(values.shape), np_to_triton_dtype(values.dtype))
        inputs.append(tensor.set_data_from_numpy(np.ascontiguousarray(values)))
    return inputs


def _strings(array: NDArray[np.generic]) -> NDArray[np.generic]:
    if array.dtype != np.object_:
        return array
    texts = np.array([item.decode() for item in array.ravel().tolist()], dtype=object)
    return texts.reshape(array.shape)
