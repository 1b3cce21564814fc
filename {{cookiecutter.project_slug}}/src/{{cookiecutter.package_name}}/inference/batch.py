"""Scoring a file with a model, piece by piece: memory does not grow with the rows."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from {{ cookiecutter.package_name }}.data.arrays import array_of, texts_of
from {{ cookiecutter.package_name }}.data.chunks import Chunks, open_chunks, open_writer
from {{ cookiecutter.package_name }}.data.columns import from_table
from {{ cookiecutter.package_name }}.data.tabular import as_numbers, format_of, without_missing
from {{ cookiecutter.package_name }}.inference.predictor import Predictor
from {{ cookiecutter.package_name }}.schemas.dataset import Column, DataSchema
from {{ cookiecutter.package_name }}.schemas.errors import ConfigError, DataContractError, DataError
from {{ cookiecutter.package_name }}.schemas.model import Predictions
from {{ cookiecutter.package_name }}.utils.files import replaced_file

PREDICTION = "prediction"
_MOST_TOLD = 10


def answer_columns(schema: DataSchema) -> list[str]:
    """Names of the columns that scoring adds."""
    return [PREDICTION, *(f"probability_{label}" for label in schema.target.classes)]


def score(
    source: Path,
    target: Path,
    predictor: Predictor,
    chunk_rows: int,
    progress: Callable[[float], None],
) -> int:
    """Write the rows of `source` and their predictions to `target`; returns how many there were.

    `progress` hears the share that is done. Formats are told by the extensions. `target` appears
    whole or not at all. Raises ConfigError, DataNotFound, DataError or DataContractError.
    """
    schema = predictor.info.data_schema
    _check_target(source, target)
    with open_chunks(source, chunk_rows) as chunks:
        _check_columns(chunks, schema, source)
        with replaced_file(target) as fresh, open_writer(fresh, like=target) as writer:
            rows = 0
            for share, table in chunks.parts:
                features = from_table(_typed(table, schema, source, rows), schema)
                writer.write(_answered(table, predictor.predict(features), schema))
                rows += table.num_rows
                progress(share)
            if not rows:
                raise DataError(f"'{source}' has a header but no rows.")
    return rows


def _check_target(source: Path, target: Path) -> None:
    format_of(target)
    if not target.parent.is_dir():
        raise ConfigError(f"There is no folder '{target.parent}' to write '{target.name}' into.")
    if target.is_dir():
        raise ConfigError(f"'{target}' is a folder: expected the name of a file.")
    if target.resolve() == source.resolve():
        raise ConfigError(f"'{target}' is the input: name another file for the output.")


def _check_columns(chunks: Chunks, schema: DataSchema, source: Path) -> None:
    read = [column.name for column in schema.columns]
    absent = [name for name in read if name not in chunks.columns]
    twice = sorted({name for name in chunks.columns if chunks.columns.count(name) > 1})
    taken = [name for name in answer_columns(schema) if name in chunks.columns]
    problems = [f"'{source}' has no column '{name}', which the model reads." for name in absent]
    problems += [f"'{source}' has more than one column '{name}'." for name in twice]
    problems += [
        f"'{source}' already has a column '{name}', which scoring adds: leave it out."
        for name in taken
    ]
    if problems:
        raise DataContractError("\n".join(problems))


def _typed(table: pa.Table, schema: DataSchema, source: Path, before: int) -> pa.Table:
    """The model's columns as numbers and categories; `before` rows of the file went before."""
    first = before + (2 if format_of(source) == "csv" else 1)
    typed, problems = {}, []
    for column in schema.columns:
        raw = table.column(column.name)
        if column.kind == "category":
            typed[column.name] = without_missing(raw)
            continue
        numbers, wrong = as_numbers(raw)
        unusable = pc.or_kleene(wrong, pc.is_inf(numbers))
        problems += list(_told(column, raw, unusable, first))
        typed[column.name] = numbers
    if problems:
        lines = [f"'{source}', {problem}" for problem in problems[:_MOST_TOLD]]
        more = len(problems) - len(lines)
        lines += [f"… and {more} more in these rows."] if more else []
        raise DataContractError("\n".join(lines))
    return pa.table(typed)


def _told(
    column: Column, raw: pa.ChunkedArray, wrong: pa.ChunkedArray, first: int
) -> Iterator[str]:
    for row in pc.indices_nonzero(wrong).to_pylist():
        place = f"row {first + row}, column '{column.name}'"
        yield f"{place}: expected a finite number, got '{raw[row]}'."


def _answered(table: pa.Table, predictions: Predictions, schema: DataSchema) -> pa.Table:
    """The rows with what the model says of them."""
    labels = schema.target.task == "classification"
    values = predictions.values
    answers = texts_of(values.tolist()) if labels else array_of(values)
    table = table.append_column(PREDICTION, answers)
    if predictions.probabilities is not None:
        for label, column in zip(schema.target.classes, predictions.probabilities.T, strict=True):
            table = table.append_column(f"probability_{label}", array_of(column))
    return table
