"""What a Triton server's configuration says of a model, and how batches go to it and come back."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray
from pydantic import ValidationError

from {{ cookiecutter.package_name }}.inference.runtime import Arrays
from {{ cookiecutter.package_name }}.integrations.triton_config import (
    INFO_PARAMETER,
    VERSION_PARAMETER,
)
from {{ cookiecutter.package_name }}.schemas.dataset import Record
from {{ cookiecutter.package_name }}.schemas.errors import ArtifactMismatch
from {{ cookiecutter.package_name }}.schemas.model import ModelInfo, ServedVersion
from {{ cookiecutter.package_name }}.utils.words import counted

_RecordT = TypeVar("_RecordT", bound=Record)


class Description:
    """One version of a model, as the server that has it describes it."""

    def __init__(self, url: str, model: str, config: dict[str, Any]) -> None:
        self._where = f"'{model}' of the Triton server at {url}"
        self._config = config
        self._outputs = {_plain(end["name"]): end for end in config["output"]}
        self._inputs = {_plain(end["name"]): end["name"] for end in config["input"]}
        self._most = int(config["max_batch_size"])

    @cached_property
    def info(self) -> ModelInfo:
        """The description that was exported with it; ArtifactMismatch where there is none."""
        return self._told(INFO_PARAMETER, ModelInfo)

    @cached_property
    def served(self) -> ServedVersion:
        """The registered version that it is; ArtifactMismatch where it does not say."""
        return self._told(VERSION_PARAMETER, ServedVersion)

    def _told(self, parameter: str, kind: type[_RecordT]) -> _RecordT:
        found = self._config.get("parameters", {}).get(parameter)
        if found is None:
            raise ArtifactMismatch(
                f"{self._where} has no parameter '{parameter}' in its configuration: it was not "
                "exported by this project's `export-triton`."
            )
        try:
            return kind.model_validate_json(found["string_value"])
        except ValidationError as error:
            raise ArtifactMismatch(
                f"{self._where} has a parameter '{parameter}' that this release of the project "
                f"cannot read ({counted(error.error_count(), 'error')}): export the version again."
            ) from error

    def names(self, outputs: Sequence[str]) -> list[str]:
        """What the server calls these outputs."""
        return [self._outputs[name]["name"] for name in outputs]

    def batches(self, feeds: Arrays) -> list[Arrays]:
        """The rows in as many parts as the largest batch makes of them, by the server's names."""
        rows = len(next(iter(feeds.values())))
        return [
            {self._inputs[name]: array[start : start + self._most] for name, array in feeds.items()}
            for start in range(0, rows, self._most)
        ]

    def together(
        self, outputs: Sequence[str], answers: Sequence[list[NDArray[np.generic]]]
    ) -> list[NDArray[np.generic]]:
        """The answers to all batches as one, in the graph's own shapes."""
        return [
            self._shaped(name, [answer[position] for answer in answers])
            for position, name in enumerate(outputs)
        ]

    def _shaped(self, name: str, batches: list[NDArray[np.generic]]) -> NDArray[np.generic]:
        described = self._outputs[name]
        one = len(batches) == 1
        rows = batches[0] if one else np.concatenate([_no_rows(described), *batches])
        # Triton has (N, 1) for (N,).
        return rows[:, 0] if described.get("reshape") is not None else rows


def _plain(name: str) -> str:
    """The name of a tensor without the place that TorchScript's have: `value__0` is `value`."""
    return name.partition("__")[0]


def _no_rows(described: dict[str, Any]) -> NDArray[np.generic]:
    from tritonclient.utils import triton_to_np_dtype

    kind = described["data_type"].removeprefix("TYPE_").replace("STRING", "BYTES")
    return np.empty((0, *map(int, described["dims"])), dtype=triton_to_np_dtype(kind))
