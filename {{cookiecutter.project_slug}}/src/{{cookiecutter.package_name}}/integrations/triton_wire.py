"""What the clients of a Triton server share, whichever protocol and library they use."""

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from time import monotonic
from typing import Any, Self
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray

from {{ cookiecutter.package_name }}.inference.runtime import Arrays
from {{ cookiecutter.package_name }}.schemas.errors import ConfigError

_PORTS = {"grpc": 8001, "grpcs": 8001, "http": 8000, "https": 8000}
_ATTEMPTS = 3
_FIRST_PAUSE, _LONGEST_PAUSE, _FACTOR = 0.2, 1.0, 2
_RETRIES = {
    "maxAttempts": _ATTEMPTS,
    "initialBackoff": f"{_FIRST_PAUSE}s",
    "maxBackoff": f"{_LONGEST_PAUSE}s",
    "backoffMultiplier": _FACTOR,
    "retryableStatusCodes": ["UNAVAILABLE"],
}
CHANNEL = [
    ("grpc.max_send_message_length", -1),
    ("grpc.max_receive_message_length", -1),
    # A server that comes back is found before the retries are used up, not minutes later.
    ("grpc.initial_reconnect_backoff_ms", 100),
    ("grpc.max_reconnect_backoff_ms", 400),
    # A machine that vanished closes no connection: one that is silent under a request is given up.
    # Not more often, because servers take many pings without data for an attack.
    ("grpc.keepalive_time_ms", 10_000),
    ("grpc.keepalive_timeout_ms", 5_000),
    # To compute an answer twice does no harm. gRPC itself varies the pauses.
    (
        "grpc.service_config",
        json.dumps({"methodConfig": [{"name": [{}], "retryPolicy": _RETRIES}]}),
    ),
]
"""How gRPC connects and tries again."""


def pauses(seconds: float) -> Iterator[float]:
    """Seconds to wait before each new try over HTTP: as many as gRPC makes, within `seconds`.

    They vary, so that many who wait for one server do not all come back at once.
    """
    until, pause = monotonic() + seconds, _FIRST_PAUSE
    for _ in range(_ATTEMPTS - 1):
        varied = pause * random.uniform(0.8, 1.2)  # noqa: S311
        if monotonic() + varied >= until:
            return
        yield varied
        pause = min(pause * _FACTOR, _LONGEST_PAUSE)


@dataclass(frozen=True)
class Address:
    """Where a server listens, and for which protocol; `place` is its `host:port`."""

    url: str
    place: str
    grpc: bool
    secure: bool

    @classmethod
    def of(cls, url: str) -> Self:
        """Of `grpc://host:8001` or `http://host:8000`; ConfigError where it is neither."""
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
        host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
        grpc, secure = parts.scheme.startswith("grpc"), parts.scheme.endswith("s")
        return cls(url, f"{host}:{port}", grpc, secure)


def tensors(api: Any, outputs: list[str], feeds: Arrays) -> tuple[list[Any], list[Any]]:
    """What goes in and what is asked for, as one of Triton's libraries (`api`) has it."""
    return _inputs(api, feeds), [api.InferRequestedOutput(name) for name in outputs]


def _inputs(api: Any, feeds: Arrays) -> list[Any]:
    from tritonclient.utils import np_to_triton_dtype

    inputs = []
    for name, array in feeds.items():
        values = array.astype(object) if array.dtype.kind == "U" else array
        tensor = api.InferInput(name, list(values.shape), np_to_triton_dtype(values.dtype))
        inputs.append(tensor.set_data_from_numpy(np.ascontiguousarray(values)))
    return inputs


def arrays(answer: Any, outputs: list[str]) -> list[NDArray[np.generic]]:
    """What came out, as one of Triton's libraries has it; strings as `str`."""
    return [_strings(answer.as_numpy(name)) for name in outputs]


def _strings(array: NDArray[np.generic]) -> NDArray[np.generic]:
    if array.dtype != np.object_:
        return array
    texts = np.array([item.decode() for item in array.ravel().tolist()], dtype=object)
    return texts.reshape(array.shape)
