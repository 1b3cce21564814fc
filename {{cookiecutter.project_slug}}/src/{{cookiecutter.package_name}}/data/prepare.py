"""From a source to `data/processed/<name>/`: check, split, describe, write, in bounded memory."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
from pydantic import JsonValue

from {{ cookiecutter.package_name }}.data import statistics
from {{ cookiecutter.package_name }}.data.assigned import Assigned
from {{ cookiecutter.package_name }}.data.identifiers import without_identifiers
from {{ cookiecutter.package_name }}.data.notes import notes_of
from {{ cookiecutter.package_name }}.data.plan import Plan, digest_of_plan
from {{ cookiecutter.package_name }}.data.processed import MANIFEST, digest_of, folder_of
from {{ cookiecutter.package_name }}.data.profiles import NumberProfile
from {{ cookiecutter.package_name }}.data.reading import Progress, Reader, unheard
from {{ cookiecutter.package_name }}.data.scan import Scanned, laid_out, scan
from {{ cookiecutter.package_name }}.data.source import RawRows, Source
from {{ cookiecutter.package_name }}.data.writable import writable
from {{ cookiecutter.package_name }}.data.writing import write
from {{ cookiecutter.package_name }}.schemas.dataset import Manifest
from {{ cookiecutter.package_name }}.schemas.errors import ConfigError, DataContractError
from {{ cookiecutter.package_name }}.utils.files import replaced_folder


def _check_image(plan: Plan, found: Scanned) -> None:
    if plan.image_shape is None:
        return
    pixels, features = int(np.prod(plan.image_shape)), found.features.values()
    numbers = sum(isinstance(profile, NumberProfile) for profile in features)
    if len(features) != pixels or numbers != pixels:
        raise ConfigError(
            f"data.image_shape is {list(plan.image_shape)}, that is {pixels} number columns and no "
            f"others: the data have {numbers} of {len(features)}. Set it to null if they are no "
            "image."
        )


def _learned(reader: Reader, plan: Plan, splits: Assigned, tell: Callable[[str], None]) -> Scanned:
    """What the first reading finds, without columns that are left out; notes are told."""
    every = scan(reader, laid_out(reader.rows, plan), plan, splits)
    # Splits are made before identifiers go: whether a column is one may change as data grows.
    found = replace(every, layout=without_identifiers(every, plan))
    _check_image(plan, found)
    stated = plan.known_task is not None
    rows = splits.counts.tolist()
    if problems := list(
        statistics.target_problems(plan.target, found.target, rows, task_stated=stated)
    ):
        raise DataContractError("\n".join(problems))
    for note in notes_of(every, found, plan):
        tell(f"note: {note}")
    return found


def _written(
    folder: Path,
    reader: Reader,
    plan: Plan,
    found: Scanned,
    options: Mapping[str, JsonValue],
) -> Manifest:
    finalists = statistics.finalists_of(found, plan)
    files = write(folder, reader, found, finalists)
    schema = statistics.schema_of(found, plan, finalists)
    rows: RawRows = reader.rows
    manifest = Manifest(
        plan_digest=digest_of_plan(plan),
        name=plan.name,
        source=rows.source,
        version=rows.version,
        rows=found.splits.rows,
        data_schema=schema,
        files=files,
        digest=digest_of(schema, files),
        options=dict(options),
    )
    text = manifest.model_dump_json(indent=2) + "\n"
    (folder / MANIFEST).write_text(text, encoding="utf-8")
    return manifest


def prepare(
    source: Source,
    plan: Plan,
    tell: Callable[[str], None],
    options: Mapping[str, JsonValue] | None = None,
    *,
    progress: Callable[[Progress], None] = unheard,
    rows_at_once: int | None = None,
) -> Manifest:
    """Make the prepared data set anew, whole or not at all; `tell` hears each step and note.

    The source is read twice, part by part: memory does not grow with its rows. `options` are kept
    in the manifest: what source and plan were made of. `rows_at_once` is the most rows of a part,
    by default some 8 MiB of them; the result is the same for any.

    Raises ConfigError, DataNotFound, DataError or DataContractError, each before anything is
    written: a former data set of that name then stays as it was.
    """
    folder = folder_of(plan.name)
    tell("reading")
    with source.open() as rows, Assigned() as splits:
        reader = Reader(rows, progress, rows_at_once)
        tell(f"checking {rows.source}")
        found = _learned(reader, plan, splits, tell)
        tell(f"writing {splits.rows:,} rows")
        with writable(folder), replaced_folder(folder) as fresh:
            return _written(fresh, reader, plan, found, options or {})
