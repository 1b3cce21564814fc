"""A registered version in a Triton model repository: what a server reads, or polls.

    <repository>/<model>/config.pbtxt          says which version is served, which file, and how
    <repository>/<model>/<version>/model.onnx  the registered file, byte for byte
    <repository>/<model>/<version>/labels.txt  the names of the classes

Other variants of a version have names of their own beside `model.onnx`. Versions and variants stay:
going back to one rewrites `config.pbtxt` alone.
"""

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from {{ cookiecutter.package_name }}.integrations.triton_config import (
    LABELS_FILE,
    config_text,
    labels_text,
)
from {{ cookiecutter.package_name }}.integrations.triton_model import ServedModel
from {{ cookiecutter.package_name }}.integrations.triton_options import ServingOptions
from {{ cookiecutter.package_name }}.integrations.triton_places.folder import Folder
from {{ cookiecutter.package_name }}.schemas.model import ServedVersion

CONFIG_FILE = "config.pbtxt"


class Repository(Protocol):
    """Where models of a server lie. `str()` is what `--model-repository` of the server takes."""

    def scratch(self) -> Path:
        """A new folder to make things in, from which `put` takes them; the caller removes it."""
        ...

    def put(self, fresh: Path, version: str) -> list[str]:
        """Let the model of that name be what is in `fresh`; the names of the files written.

        Whoever reads at the same time sees the former state or the new one. Raises ConfigError or
        DataError where that cannot be.
        """
        ...


@dataclass(frozen=True)
class Exported:
    """Which model was exported, and the files that were written: none if all were there."""

    model: str
    written: tuple[str, ...]


def export(
    model: Path | ServedModel,
    served: ServedVersion,
    repository: Path | Repository,
    options: ServingOptions,
) -> Exported:
    """Let the repository serve this version of the model, and no other of it.

    A path is an ONNX file, or a repository that is a folder. Raises ConfigError where the
    repository cannot be written, ArtifactMismatch where Triton could not serve the file.
    """
    place = Folder(repository) if isinstance(repository, Path) else repository
    ready = ServedModel.onnx(model) if isinstance(model, Path) else model
    scratch = place.scratch()
    try:
        fresh = scratch / options.model
        _make(fresh, ready, served, options)
        written = place.put(fresh, served.version)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    return Exported(options.model, tuple(written))


def check(model: Path, served: ServedVersion, options: ServingOptions) -> None:
    """Make all that `export` would write, and throw it away; raises what it raises."""
    with tempfile.TemporaryDirectory() as scratch:
        _make(Path(scratch) / options.model, ServedModel.onnx(model), served, options)


def _make(folder: Path, model: ServedModel, served: ServedVersion, options: ServingOptions) -> None:
    version = folder / served.version
    text = config_text(model, served, options)
    version.mkdir(parents=True)
    shutil.copyfile(model.path, version / model.file)
    if classes := model.info.data_schema.target.classes:
        _write(version / LABELS_FILE, labels_text(model.path, classes))
    _write(folder / CONFIG_FILE, text)


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")
