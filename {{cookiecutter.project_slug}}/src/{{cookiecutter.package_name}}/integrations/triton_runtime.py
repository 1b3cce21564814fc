"""A model that runs in a Triton server, behind the same seam as one in this process."""

import threading
from functools import cached_property
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray
from pydantic import ValidationError

from {{ cookiecutter.package_name }}.inference.runtime import Arrays
from {{ cookiecutter.package_name }}.integrations.triton_client import TritonClient, connect
from {{ cookiecutter.package_name }}.integrations.triton_config import (
    INFO_PARAMETER,
    VERSION_PARAMETER,
)
from {{ cookiecutter.package_name }}.schemas.dataset import Record
from {{ cookiecutter.package_name }}.schemas.errors import ArtifactMismatch
from {{ cookiecutter.package_name }}.schemas.model import ModelInfo, ServedVersion

_RecordT = TypeVar("_RecordT", bound=Record)


class TritonRuntime:
    """The version that a Triton server serves when this is first used, and no other.

    A later version may have other columns or classes than the description says: when the server
    changes over, `run` raises TritonUnavailable, and a new runtime finds the new version.
    `seconds` is the deadline of each answer. Threads may share one runtime.
    """

    def __init__(self, url: str, model: str, seconds: float = 5.0) -> None:
        self._url, self._model, self._seconds = url, model, seconds
        self._local = threading.local()
        self._client()  # an address that cannot be is told now

    def _client(self) -> TritonClient:
        """The calling thread's own client: those over HTTP must not be shared."""
        if not hasattr(self._local, "client"):
            self._local.client = connect(self._url, self._seconds)
        client: TritonClient = self._local.client
        return client

    def close(self) -> None:
        """Close the calling thread's connections; another call opens them again."""
        self._client().close()
        del self._local.client

    @cached_property
    def _config(self) -> dict[str, Any]:
        return self._client().config(self._model)

    @cached_property
    def info(self) -> ModelInfo:
        """The description of the version that is served."""
        return self._told(INFO_PARAMETER, ModelInfo)

    @cached_property
    def served(self) -> ServedVersion:
        """The registered version that is served."""
        return self._told(VERSION_PARAMETER, ServedVersion)

    def _told(self, parameter: str, kind: type[_RecordT]) -> _RecordT:
        """What the configuration says of the model; ArtifactMismatch where it says nothing."""
        where = f"'{self._model}' of the Triton server at {self._url}"
        found = self._config.get("parameters", {}).get(parameter)
        if found is None:
            raise ArtifactMismatch(
                f"{where} has no parameter '{parameter}' in its configuration: it was not "
                "exported by this project's `export-triton`."
            )
        try:
            return kind.model_validate_json(found["string_value"])
        except ValidationError as error:
            raise ArtifactMismatch(
                f"{where} has a parameter '{parameter}' that this release of the project cannot "
                f"read ({error.error_count()} errors): export the version again."
            ) from error

    def run(self, outputs: list[str], feeds: Arrays) -> list[NDArray[np.generic]]:
        """Compute the named outputs for N rows; more than fit into a batch go in several.

        Raises TritonUnavailable where the server is away, late or has not the version ready, and
        ArtifactMismatch where it refuses the arrays.
        """
        client, version = self._client(), self.served.version
        size = int(self._config["max_batch_size"])
        rows = len(next(iter(feeds.values())))
        answers = [
            client.infer(
                self._model,
                version,
                outputs,
                {name: array[start : start + size] for name, array in feeds.items()},
            )
            for start in range(0, rows, size)
        ]
        return [
            self._together(name, [answer[position] for answer in answers])
            for position, name in enumerate(outputs)
        ]

    def _together(self, name: str, batches: list[NDArray[np.generic]]) -> NDArray[np.generic]:
        """The batches as one array of the graph's own shape: Triton has (N, 1) for (N,)."""
        described = next(output for output in self._config["output"] if output["name"] == name)
        rows = np.concatenate([_no_rows(described), *batches])
        return rows[:, 0] if described.get("reshape") is not None else rows


def _no_rows(described: dict[str, Any]) -> NDArray[np.generic]:
    from tritonclient.utils import triton_to_np_dtype

    kind = described["data_type"].removeprefix("TYPE_").replace("STRING", "BYTES")
    return np.empty((0, *map(int, described["dims"])), dtype=triton_to_np_dtype(kind))
