"""A table that somebody uploads: which rows can be asked, what is wrong with the others."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa
import pyarrow.compute as pc

from {{ cookiecutter.package_name }}.data.arrays import texts_of
from {{ cookiecutter.package_name }}.data.columns import category_texts
from {{ cookiecutter.package_name }}.data.tabular import FORMATS, read_table
from {{ cookiecutter.package_name }}.data.writers import open_writer
from {{ cookiecutter.package_name }}.inference.batch import PREDICTION, answer_columns
from {{ cookiecutter.package_name }}.inference.contract import read_column, refusal
from {{ cookiecutter.package_name }}.inference.upload_limits import check_size
from {{ cookiecutter.package_name }}.schemas.dataset import DataSchema
from {{ cookiecutter.package_name }}.schemas.errors import DataContractError, DataError
from {{ cookiecutter.package_name }}.schemas.serving import Answer, Cell, Row

PROBLEM = "problem"
"""The column of the results that says why a row was not asked."""

EXTENSIONS = tuple(ending.removeprefix(".") for ending in FORMATS)


@dataclass(frozen=True)
class Upload:
    """An uploaded table. `rows` are those that can be asked, by their number in the table from
    0; `problems` says what is wrong with each of the others.
    """

    name: str
    table: pa.Table
    rows: Mapping[int, Row]
    problems: Mapping[int, str]


def read_upload(name: str, content: bytes, schema: DataSchema) -> Upload:
    """Decode a CSV or Parquet file and check each row against the model's columns.

    Raises ConfigError for another format, DataError where the file cannot be read or is too
    large, and DataContractError where it lacks a column.
    """
    plain = Path(name.replace("\\", "/")).name
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"upload{Path(plain).suffix.lower()}"
        path.write_bytes(content)
        try:
            check_size(path)
            table = read_table(path)
        except DataError as error:
            raise DataError(str(error).replace(str(path), plain)) from error
    _check_columns(plain, table.column_names, schema)
    columns, problems = _columns(table, schema)
    good = [number for number in range(table.num_rows) if number not in problems]
    rows = {number: [column[number] for column in columns] for number in good}
    return Upload(plain, table, rows, problems)


def _check_columns(name: str, there: Sequence[str], schema: DataSchema) -> None:
    wanted, counts = [column.name for column in schema.columns], Counter(there)
    lines = [
        f"'{name}' has no column '{c}', which the model reads." for c in wanted if c not in counts
    ]
    lines += [
        f"'{name}' has more than one column '{column}'."
        for column in sorted(column for column, count in counts.items() if count > 1)
    ]
    lines += [
        f"'{name}' already has a column '{column}', which scoring adds: leave it out."
        for column in (*answer_columns(schema), PROBLEM)
        if column in counts
    ]
    if lines:
        more = [f"… and {len(lines) - 10} more."] if len(lines) > 10 else []
        raise DataContractError("\n".join([*lines[:10], *more]))


def _columns(table: pa.Table, schema: DataSchema) -> tuple[list[list[Cell]], dict[int, str]]:
    """The model's columns as Python values, and the first problem of each bad row."""
    columns: list[list[Cell]] = []
    problems: dict[int, str] = {}
    for column in schema.columns:
        raw = table.column(column.name)
        values, refused = read_column(column, raw)
        for row in [] if refused is None else pc.indices_nonzero(refused).to_pylist():
            problems.setdefault(row, f"{column.name}: {refusal(column, raw.slice(row, 1))}")
        if column.kind == "category":
            texts = category_texts(values, column.name).to_pylist()
            columns.append([text or None for text in texts])
        else:
            columns.append(values.to_pylist())
    return columns, problems


def results(upload: Upload, answers: Sequence[Answer], schema: DataSchema) -> pa.Table:
    """The uploaded rows with what was answered; rows that were not asked say why.

    `answers` are of the upload's `rows`, in their order.
    """
    table, asked = upload.table, list(upload.rows)
    values = dict(zip(asked, (value for one in answers for value in one.values), strict=True))
    scores = [row for one in answers for row in one.probabilities]
    every = range(table.num_rows)
    predictions = [values.get(number) for number in every]
    labels = schema.target.task == "classification"
    table = table.append_column(PREDICTION, _array(predictions, text=labels))
    for place, label in enumerate(schema.target.classes):
        chances = dict(zip(asked, (row[place] for row in scores), strict=True))
        column = _array([chances.get(number) for number in every], text=False)
        table = table.append_column(f"probability_{label}", column)
    problems = [upload.problems.get(number, "") for number in every]
    return table.append_column(PROBLEM, texts_of(problems)) if upload.problems else table


def answers_first(table: pa.Table, upload: Upload) -> pa.Table:
    """The same results to be looked at: answers, then what was asked, then what was wrong."""
    given, end = upload.table.num_columns, table.num_columns
    reasons = end - 1 if upload.problems else end
    return table.select([*range(given, reasons), *range(given), *range(reasons, end)])


def _array(values: Sequence[object], *, text: bool) -> pa.Array:
    return pa.array(values, pa.string() if text else pa.float64())


def as_file(table: pa.Table, name: str) -> bytes:
    """The table in the format that the name says."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"results{Path(name).suffix.lower()}"
        with open_writer(path, like=path) as writer:
            writer.write(table)
        return path.read_bytes()
