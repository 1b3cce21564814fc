"""Rows with the answers that the trained model gave, kept beside the graph made of it.

Whoever has the two files can tell, without the training framework, whether the graph still
answers as the model did that was trained.
"""

from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray
from pydantic import ValidationError

from {{ cookiecutter.package_name }}.data.features import Features
from {{ cookiecutter.package_name }}.inference.expected import range_of
from {{ cookiecutter.package_name }}.inference.records import features_from_rows
from {{ cookiecutter.package_name }}.schemas.dataset import Column, DataSchema, Record
from {{ cookiecutter.package_name }}.schemas.errors import ArtifactMismatch, InvalidRequest
from {{ cookiecutter.package_name }}.schemas.model import Predictions
from {{ cookiecutter.package_name }}.utils.files import write_text

MOST_ROWS = 32


class Golden(Record):
    """`inputs` are rows as the service takes them; `expected` is what the trained model answered.

    A row of `expected` is the probability of each class, or one value in the target's unit.
    `tolerance` is the largest difference that still counts as the same answer.
    """

    inputs: tuple[tuple[str | float | None, ...], ...]
    expected: tuple[tuple[float, ...], ...]
    tolerance: float

    @classmethod
    def of(
        cls,
        features: Features,
        schema: DataSchema,
        expected: NDArray[np.float64],
        tolerance: float,
    ) -> Self:
        """Some of these rows, spread evenly; `expected` has shape (N, classes) or (N, 1)."""
        spread = np.linspace(0, len(features) - 1, min(MOST_ROWS, len(features)))
        chosen = np.unique(spread.astype(np.int64))
        return cls(
            inputs=tuple(map(tuple, _rows(features[chosen], schema))),
            expected=tuple(map(tuple, expected[chosen].tolist())),
            tolerance=tolerance,
        )

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read the file; ArtifactMismatch where it is missing or is something else."""
        if not path.is_file():
            raise ArtifactMismatch(
                f"There is no '{path}': nothing says what the trained model answered. The model "
                "was trained before such files were kept: train it again."
            )
        try:
            return cls.model_validate_json(path.read_text(encoding="utf-8"))
        except (ValidationError, UnicodeDecodeError) as error:
            raise ArtifactMismatch(
                f"'{path}' is not a file of golden rows: train the model again."
            ) from error

    def write(self, path: Path) -> None:
        """Write the file, whole or not at all; the same rows give the same bytes."""
        write_text(path, self.model_dump_json() + "\n")

    def features(self, schema: DataSchema) -> Features:
        """The inputs as a predictor takes them; ArtifactMismatch where they do not fit."""
        try:
            return features_from_rows([list(row) for row in self.inputs], schema, MOST_ROWS)
        except InvalidRequest as error:
            first = str(error).partition("\n")[0]
            raise ArtifactMismatch(f"The golden rows are not of this model ({first}).") from error

    def row(self, place: int) -> Self:
        """One of the rows alone."""
        alone = {"inputs": (self.inputs[place],), "expected": (self.expected[place],)}
        return self.model_copy(update=alone)

    def difference(self, answers: Predictions) -> float:
        """The largest difference from what is expected; not a number where shapes differ."""
        got = answers.probabilities
        if got is None:
            got = np.asarray(answers.values, dtype=np.float32).reshape(-1, 1)
        expected = np.array(self.expected, dtype=np.float64)
        if got.shape != expected.shape:
            return float("nan")
        return float(np.abs(expected - got).max())


def _rows(features: Features, schema: DataSchema) -> list[list[str | float | None]]:
    """Each row's values in the order of the columns; a missing value is None."""
    numbers, categories = iter(features.numeric.T), iter(features.categorical.T)
    columns: list[list[str | float | None]] = [
        [None if np.isnan(value) else _taken(column, float(value)) for value in next(numbers)]
        if column.kind == "number"
        else [str(value) or None for value in next(categories)]
        for column in schema.columns
    ]
    return [list(row) for row in zip(*columns, strict=True)]


def _taken(column: Column, value: float) -> float:
    """The number as a request may say it: 0.1 in 32 bits is a little more than a limit of 0.1."""
    low, high = range_of(column)
    return min(max(value, low), high)
