"""The prepared data set as training and evaluation read it: trusted only where digests agree."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray
from pydantic import ValidationError

from {{ cookiecutter.package_name }}.data.arrays import numpy_of, texts_of
from {{ cookiecutter.package_name }}.data.columns import from_table
from {{ cookiecutter.package_name }}.data.features import Features
from {{ cookiecutter.package_name }}.schemas.dataset import (
    DataFile,
    DataSchema,
    Manifest,
    SplitName,
    Target,
)
from {{ cookiecutter.package_name }}.schemas.errors import ConfigError, DataError, DataNotFound
from {{ cookiecutter.package_name }}.utils.paths import processed_dir, shown

MANIFEST = "manifest.json"


@dataclass(frozen=True)
class Split:
    """One split in memory.

    `target` has shape (N,): int64 indexes into the schema's classes for classification,
    float32 for regression.
    """

    features: Features
    target: NDArray[np.int64] | NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.target)


def folder_of(name: str) -> Path:
    """The prepared data set's folder; ConfigError where the name would leave `data/processed`."""
    if not name or name.startswith(".") or set(name) & set('/\\:*?"<>|\0'):
        raise ConfigError(f"data.name is '{name}': expected a plain folder name, such as 'houses'.")
    return processed_dir(name)


def digest_of(schema: DataSchema, files: dict[SplitName, DataFile]) -> str:
    """SHA-256 over the schema and the files' digests: what `Manifest.digest` holds."""
    digests = [f"{name} {files[name].sha256}" for name in sorted(files)]
    return hashlib.sha256("\n".join([schema.model_dump_json(), *digests]).encode()).hexdigest()


def load_manifest(name: str) -> Manifest:
    """What was prepared as `name`; DataNotFound where nothing was, DataError where damaged."""
    path = folder_of(name) / MANIFEST
    if not path.is_file():
        raise DataNotFound(
            f"The data set '{name}' is not prepared (there is no '{shown(path)}'): "
            "run `prepare` with the same data options first."
        )
    try:
        manifest = Manifest.model_validate_json(path.read_bytes())
    except ValidationError as error:
        raise DataError(f"'{shown(path)}' is damaged: run `prepare` again.") from error
    if manifest.digest != digest_of(manifest.data_schema, manifest.files):
        raise DataError(f"'{shown(path)}' was changed after `prepare` wrote it: run it again.")
    return manifest


def _table(path: Path, file: DataFile) -> pa.Table:
    if not path.is_file():
        raise DataNotFound(f"'{shown(path)}' is missing: run `prepare` again.")
    content = path.read_bytes()
    if hashlib.sha256(content).hexdigest() != file.sha256:
        raise DataError(
            f"'{shown(path)}' is not the file that its manifest describes (SHA-256 differs): "
            "run `prepare` again."
        )
    return pq.ParquetFile(pa.BufferReader(content)).read()


def _target(values: pa.ChunkedArray, target: Target) -> NDArray[np.int64] | NDArray[np.float32]:
    if target.task == "regression":
        return numpy_of(values).astype(np.float32)
    return numpy_of(pc.index_in(values, value_set=texts_of(target.classes))).astype(np.int64)


def load_split(manifest: Manifest, split: SplitName) -> Split:
    """One split, checked against the manifest's digest and held in memory whole."""
    file = manifest.files[split]
    table = _table(folder_of(manifest.name) / file.path, file)
    schema = manifest.data_schema
    target = _target(table.column(schema.target.name), schema.target)
    return Split(from_table(table, schema), target)
