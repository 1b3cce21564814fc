"""From a source to `data/processed/<name>/`: load, check, split, describe, write."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from {{ cookiecutter.package_name }}.data import contract, splitting, statistics
from {{ cookiecutter.package_name }}.data.identifiers import without_identifiers
from {{ cookiecutter.package_name }}.data.layout import Layout, TypedColumn, lay_out
from {{ cookiecutter.package_name }}.data.plan import Plan, digest_of_plan
from {{ cookiecutter.package_name }}.data.processed import MANIFEST, digest_of, folder_of
from {{ cookiecutter.package_name }}.data.source import RawTable, Source
from {{ cookiecutter.package_name }}.schemas.dataset import (
    SPLITS,
    DataFile,
    DataSchema,
    Manifest,
    SplitName,
)
from {{ cookiecutter.package_name }}.schemas.errors import ConfigError, DataContractError
from {{ cookiecutter.package_name }}.utils.files import replaced_folder, sha256_of

_KEY = "key"
"""The name under which a key is hashed, so that renaming its column moves no row."""


def _keyed(layout: Layout) -> dict[str, pa.ChunkedArray]:
    """The columns whose values decide a row's split."""
    if layout.key is None:
        return {column.name: column.values for column in layout.features}
    # 12.0 is 12: a file whose keys became floats keeps its split.
    return {_KEY: pc.replace_substring_regex(layout.key.values, r"^(-?\d+)\.0+$", r"\1")}


def _check_image(plan: Plan, features: tuple[TypedColumn, ...]) -> None:
    if plan.image_shape is None:
        return
    pixels = int(np.prod(plan.image_shape))
    if len(features) != pixels or any(column.kind != "number" for column in features):
        numbers = sum(column.kind == "number" for column in features)
        raise ConfigError(
            f"data.image_shape is {list(plan.image_shape)}, that is {pixels} number columns and no "
            f"others: the data have {numbers} of {len(features)}. Set it to null if they are no "
            "image."
        )


def _clean(layout: Layout) -> pa.Table:
    """Features then target, as the Parquet files hold them."""
    columns = {
        column.name: column.values if column.kind == "number" else pc.fill_null(column.values, "")
        for column in (*layout.features, layout.target)
    }
    return pa.table(columns)


def _write(folder: Path, table: pa.Table, splits: NDArray[np.int8]) -> dict[SplitName, DataFile]:
    files: dict[SplitName, DataFile] = {}
    for index, split in enumerate(SPLITS):
        path = folder / f"{split}.parquet"
        rows = table.filter(pa.array(splits == index))
        pq.write_table(rows.combine_chunks(), path, compression="zstd")
        files[split] = DataFile(path=path.name, rows=rows.num_rows, sha256=sha256_of(path))
    return files


def _manifest(
    plan: Plan, raw: RawTable, schema: DataSchema, files: dict[SplitName, DataFile]
) -> Manifest:
    return Manifest(
        plan_digest=digest_of_plan(plan),
        name=plan.name,
        source=raw.source,
        version=raw.version,
        rows=sum(file.rows for file in files.values()),
        data_schema=schema,
        files=files,
        digest=digest_of(schema, files),
    )


def prepare(source: Source, plan: Plan, tell: Callable[[str], None]) -> Manifest:
    """Make the prepared data set anew, whole or not at all; `tell` hears each step and note.

    Raises ConfigError, DataNotFound, DataError or DataContractError, each before anything is
    written: a former data set of that name then stays as it was.
    """
    folder = folder_of(plan.name)
    tell("reading")
    raw = source.load()
    tell(f"checking {raw.table.num_rows:,} rows of {raw.source}")
    layout = lay_out(raw, plan)
    contract.check(layout, plan.contract, raw.first_row)
    # Before identifiers go: whether a column is one may change as data grows, a split may not.
    splits = splitting.assign(_keyed(layout), plan.split)
    layout = without_identifiers(layout, plan)
    _check_image(plan, layout.features)
    stated = plan.task is not None
    if problems := list(statistics.target_problems(layout, splits, task_stated=stated)):
        raise DataContractError("\n".join(problems))
    for note in (*layout.notes, *statistics.notes(layout.features, plan.max_categories)):
        tell(f"note: {note}")
    schema = statistics.schema_of(layout, splits == 0, plan.max_categories, plan.image_shape)
    tell("writing")
    with replaced_folder(folder) as fresh:
        files = _write(fresh, _clean(layout), splits)
        manifest = _manifest(plan, raw, schema, files)
        (fresh / MANIFEST).write_text(manifest.model_dump_json(indent=2) + "\n", encoding="utf-8")
    return manifest
