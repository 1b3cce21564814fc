"""The seam behind which a model runs: arrays in, arrays out."""

import os
from pathlib import Path
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray
from pydantic import ValidationError

from {{ cookiecutter.package_name }}.schemas.errors import ArtifactMismatch, ModelNotFound
from {{ cookiecutter.package_name }}.schemas.model import METADATA_KEY, ModelInfo

# Its Linux builds report usage to their maker and leave an identifier in the home folder.
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
import onnxruntime as ort

from {{ cookiecutter.package_name }}.utils.words import counted

Arrays = dict[str, NDArray[np.generic]]
"""Tensors by name. `numeric` float32 (N, numbers) and `categorical` str (N, categories) go in;
`label` str (N,) and `probabilities` float32 (N, classes), or `value` float32 (N,), come out."""


class Runtime(Protocol):
    """Anything that can run a model's graph."""

    def run(self, outputs: list[str], feeds: Arrays) -> list[NDArray[np.generic]]:
        """Compute the named outputs for N rows."""
        ...


@runtime_checkable
class RemoteRuntime(Runtime, Protocol):
    """One that a server runs: nobody should have to wait for it in a thread."""

    async def ask(self, outputs: list[str], feeds: Arrays) -> list[NDArray[np.generic]]:
        """`run`, awaited; VersionGone where the server changed over to another version."""
        ...


class OnnxRuntime:
    """ONNX Runtime in this process, on CPU, with a fixed number of threads.

    One thread by default: ONNX Runtime would otherwise take every core of the machine,
    whatever share of it a container was given.
    """

    def __init__(self, path: Path, threads: int = 1) -> None:
        if not path.is_file():
            raise ModelNotFound(f"There is no model file at '{path}'.")
        options = ort.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        try:
            self._session = ort.InferenceSession(
                str(path), options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:  # onnxruntime raises a class of its own for each status
            if not type(error).__module__.startswith("onnxruntime"):
                raise
            raise ArtifactMismatch(
                f"'{path}' cannot be read as an ONNX model ({type(error).__name__}): the file is "
                "damaged or is something else; download or export it again."
            ) from error
        self._path = path

    @property
    def info(self) -> ModelInfo:
        """The model's own description; ArtifactMismatch where the file has none it can read."""
        stored = self._session.get_modelmeta().custom_metadata_map.get(METADATA_KEY)
        if stored is None:
            raise ArtifactMismatch(
                f"'{self._path}' is an ONNX model without '{METADATA_KEY}' metadata: it was not "
                "exported by this project."
            )
        try:
            return ModelInfo.model_validate_json(stored)
        except ValidationError as error:
            raise ArtifactMismatch(
                f"'{self._path}' carries '{METADATA_KEY}' metadata that this release of the "
                f"project cannot read ({counted(error.error_count(), 'error')}): export the model "
                "again."
            ) from error

    def run(self, outputs: list[str], feeds: Arrays) -> list[NDArray[np.generic]]:
        """Compute the named outputs for N rows; see `Arrays` for names and shapes."""
        results: list[NDArray[np.generic]] = self._session.run(outputs, feeds)
        return results
