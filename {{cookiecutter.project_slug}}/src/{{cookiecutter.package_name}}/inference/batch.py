"""Scoring a file with a model, piece by piece: memory does not grow with the rows.

While one piece is scored, the next is read and the last one written, each by a thread. Scoring has
one, too: Ctrl-C reaches the main thread, and ONNX Runtime may crash where it is interrupted.
"""

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa

from {{ cookiecutter.package_name }}.data.arrays import array_of, texts_of
from {{ cookiecutter.package_name }}.data.chunks import Chunk, Chunks, open_chunks
from {{ cookiecutter.package_name }}.data.tabular import format_of
from {{ cookiecutter.package_name }}.data.writable import writable
from {{ cookiecutter.package_name }}.data.writers import open_writer
from {{ cookiecutter.package_name }}.inference.features import FeatureReader
from {{ cookiecutter.package_name }}.inference.predictor import Predictor
from {{ cookiecutter.package_name }}.schemas.dataset import DataSchema
from {{ cookiecutter.package_name }}.schemas.errors import ConfigError, DataContractError, DataError
from {{ cookiecutter.package_name }}.schemas.model import Predictions, likeliest
from {{ cookiecutter.package_name }}.utils.ahead import read_ahead, write_behind
from {{ cookiecutter.package_name }}.utils.files import replaced_file

PREDICTION = "prediction"


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
        reader, rows = FeatureReader(schema, source), 0

        def answered(part: Chunk) -> tuple[pa.Table, float]:
            predictions = predictor.predict(reader.read(part))
            return _answered(part.table, predictions, schema), part.share

        with (
            writable(target),
            replaced_file(target) as fresh,
            open_writer(fresh, like=target) as writer,
            write_behind(writer.write) as write,
            read_ahead(chunks.parts) as parts,
            read_ahead(map(answered, parts)) as answers,
        ):
            for table, share in answers:
                write(table)
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
    there = Counter(chunks.columns)
    absent = [column.name for column in schema.columns if column.name not in there]
    twice = sorted(name for name, count in there.items() if count > 1)
    taken = [name for name in answer_columns(schema) if name in there]
    problems = [f"'{source}' has no column '{name}', which the model reads." for name in absent]
    problems += [f"'{source}' has more than one column '{name}'." for name in twice]
    problems += [
        f"'{source}' already has a column '{name}', which scoring adds: leave it out."
        for name in taken
    ]
    if problems:
        raise DataContractError("\n".join(problems))


def _answered(table: pa.Table, predictions: Predictions, schema: DataSchema) -> pa.Table:
    """The rows with what the model says of them."""
    if predictions.probabilities is None:
        answers = [array_of(predictions.values)]
    else:
        best = array_of(likeliest(predictions.probabilities))
        answers = [texts_of(schema.target.classes).take(best)]
        answers += [array_of(column) for column in predictions.probabilities.T]
    named = zip(answer_columns(schema), answers, strict=True)
    fields = [*table.schema, *(pa.field(name, values.type) for name, values in named)]
    whole = pa.schema(fields, table.schema.metadata)
    return pa.Table.from_arrays([*table.columns, *answers], schema=whole)
