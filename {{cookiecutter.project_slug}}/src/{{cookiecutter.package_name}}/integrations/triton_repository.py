"""A registered version in a Triton model repository: a folder that a server reads, or polls.

    <repository>/<model>/config.pbtxt          says which version is served, and how
    <repository>/<model>/<version>/model.onnx  the registered file, byte for byte
    <repository>/<model>/<version>/labels.txt  the names of the classes

Versions stay: going back to one rewrites `config.pbtxt` alone. Everything is made beside the
repository and renamed into it, the configuration last, so a polling server sees no half model.
"""

import errno
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from {{ cookiecutter.package_name }}.integrations.triton_config import (
    LABELS_FILE,
    MODEL_FILE,
    ServingOptions,
    TensorReader,
    config_text,
    labels_text,
)
from {{ cookiecutter.package_name }}.schemas.errors import ConfigError
from {{ cookiecutter.package_name }}.schemas.model import ServedVersion
from {{ cookiecutter.package_name }}.utils.files import sha256_of

CONFIG_FILE = "config.pbtxt"


@dataclass(frozen=True)
class Exported:
    """Where the version lies, and the files that were written: none if all were there."""

    folder: Path
    written: tuple[str, ...]


def export(
    model_file: Path, served: ServedVersion, repository: Path, options: ServingOptions
) -> Exported:
    """Let the repository serve this version of the model, and no other of it.

    Raises ConfigError where the repository cannot be written, ArtifactMismatch where Triton
    could not serve the file.
    """
    folder = repository / options.model
    try:
        with _beside(repository) as stage:
            fresh = stage / options.model
            _make(fresh, model_file, served, options)
            written = _put(fresh, folder, served.version)
    except OSError as error:
        raise _cannot_write(repository, error) from error
    return Exported(folder, tuple(written))


def _make(folder: Path, model_file: Path, served: ServedVersion, options: ServingOptions) -> None:
    graph, version = TensorReader(model_file), folder / served.version
    version.mkdir(parents=True)
    shutil.copyfile(model_file, version / MODEL_FILE)
    if classes := graph.info.data_schema.target.classes:
        _write(version / LABELS_FILE, labels_text(model_file, classes))
    _write(folder / CONFIG_FILE, config_text(graph, served, options))


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")


def _put(fresh: Path, folder: Path, version: str) -> list[str]:
    """Rename what is new into the repository; names of the files, the configuration last."""
    files = sorted(path.relative_to(fresh) for path in fresh.glob("*/*"))
    files.append(Path(CONFIG_FILE))
    changed = [file for file in files if not _same(fresh / file, folder / file)]
    if not folder.exists():
        fresh.rename(folder)
    elif not (folder / version).exists():
        (fresh / version).rename(folder / version)
        (fresh / CONFIG_FILE).replace(folder / CONFIG_FILE)
    else:
        for file in changed:
            (fresh / file).replace(folder / file)
    return [file.as_posix() for file in changed]


def _same(one: Path, other: Path) -> bool:
    return other.is_file() and sha256_of(one) == sha256_of(other)


@contextmanager
def _beside(repository: Path) -> Iterator[Path]:
    """A folder from which renaming into the repository is one step.

    It is not inside: Triton takes every folder there for a model, whatever its name.
    """
    repository.mkdir(parents=True, exist_ok=True)
    stage = Path(tempfile.mkdtemp(dir=repository.parent, prefix=f".{repository.name}."))
    try:
        yield stage
    finally:
        shutil.rmtree(stage, ignore_errors=True)


def _cannot_write(repository: Path, error: OSError) -> ConfigError:
    if error.errno == errno.EXDEV:
        return ConfigError(
            f"'{repository}' is where another disk is mounted, and files cannot be renamed into "
            "it from beside it: name a folder inside of it as the repository."
        )
    return ConfigError(f"The model repository '{repository}' cannot be written: {error}.")
