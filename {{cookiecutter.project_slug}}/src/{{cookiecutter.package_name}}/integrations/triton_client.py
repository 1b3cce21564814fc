"""One connection to a Triton server, over gRPC or HTTP, whose failures are sentences."""

import time
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from {{ cookiecutter.package_name }}.inference.runtime import Arrays
from {{ cookiecutter.package_name }}.integrations.triton_errors import (
    TritonAway,
    answering,
    loading,
)
from {{ cookiecutter.package_name }}.integrations.triton_wire import (
    CHANNEL,
    Address,
    arrays,
    pauses,
    tensors,
)


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

    def load(self, model: str) -> None:
        """Have a server under explicit control load what its repository says now."""
        ...

    def close(self) -> None:
        """Close the connections; a server that is told to stop waits for that."""
        ...


def connect(url: str, seconds: float) -> TritonClient:
    """A client for `grpc://host:8001` or `http://host:8000` (`grpcs`, `https`: with TLS).

    Nothing is asked yet. `seconds` is the deadline of each answer. ConfigError where the address
    is none of these.
    """
    address = Address.of(url)
    return (GrpcClient if address.grpc else HttpClient)(address, seconds)


class _Client:
    """What both protocols share: their two libraries have the same methods."""

    def __init__(
        self, address: Address, seconds: float, api: Any, client: Any, **deadline: float
    ) -> None:
        self._url, self._seconds = address.url, seconds
        self._api, self._client, self._deadline = api, client, deadline

    def close(self) -> None:
        self._client.close()

    def load(self, model: str) -> None:
        with loading(self._url, model, self._seconds):
            self._client.load_model(model, **self._deadline)

    def _config(self, model: str, **form: bool) -> dict[str, Any]:
        with answering(self._url, model, self._seconds):
            answer: dict[str, Any] = self._client.get_model_config(model, **form, **self._deadline)
        return answer

    def infer(
        self, model: str, version: str, outputs: list[str], feeds: Arrays
    ) -> list[NDArray[np.generic]]:
        inputs, asked = tensors(self._api, outputs, feeds)
        with answering(self._url, model, self._seconds):
            answer = self._client.infer(model, inputs, version, asked, **self._deadline)
            return arrays(answer, outputs)


class GrpcClient(_Client):
    """Over gRPC. It connects anew by itself, and asks again where the connection breaks."""

    def __init__(self, address: Address, seconds: float) -> None:
        from tritonclient import grpc

        client = grpc.InferenceServerClient(address.place, ssl=address.secure, channel_args=CHANNEL)
        super().__init__(address, seconds, grpc, client, client_timeout=seconds)

    def config(self, model: str) -> dict[str, Any]:
        return dict(self._config(model, as_json=True)["config"])


class HttpClient(_Client):
    """Over HTTP; for one thread, because its connections belong to that thread's event loop.

    A connection that the server closed meanwhile is opened again by itself; a batch is sent again
    where that fails, as gRPC does it.
    """

    def __init__(self, address: Address, seconds: float) -> None:
        from tritonclient import http

        client = http.InferenceServerClient(
            address.place,
            connection_timeout=seconds,
            network_timeout=seconds,
            ssl=address.secure,
        )
        super().__init__(address, seconds, http, client)

    def config(self, model: str) -> dict[str, Any]:
        return self._config(model)

    def infer(
        self, model: str, version: str, outputs: list[str], feeds: Arrays
    ) -> list[NDArray[np.generic]]:
        for pause in pauses(self._seconds):
            try:
                return super().infer(model, version, outputs, feeds)
            except TritonAway:
                time.sleep(pause)
        return super().infer(model, version, outputs, feeds)
