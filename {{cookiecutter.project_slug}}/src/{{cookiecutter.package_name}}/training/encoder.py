"""Columns to one dense matrix, fitted on the training split; the same maths goes into the graph."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from {{ cookiecutter.package_name }}.data.features import Features
from {{ cookiecutter.package_name }}.schemas.dataset import DataSchema


@dataclass(frozen=True)
class Encoder:
    """Impute and standardise numbers; turn categories into one-hot columns.

    `medians`, `means` and `scales` are float32 of shape (numbers,); `vocabularies` holds the
    known values of each category column. A value outside its vocabulary encodes as zeros.
    """

    medians: NDArray[np.float32]
    means: NDArray[np.float32]
    scales: NDArray[np.float32]
    vocabularies: tuple[tuple[str, ...], ...]

    @classmethod
    def fit(cls, features: Features, schema: DataSchema) -> Self:
        """Learn the statistics of the training split's numbers; vocabularies are the schema's."""
        numbers = features.numeric.astype(np.float64)
        numbers[:, np.isnan(numbers).all(axis=0)] = 0.0  # never seen: no median to learn
        medians = np.nanmedian(numbers, axis=0) if numbers.shape[1] else np.zeros(0)
        filled = np.where(np.isnan(numbers), medians, numbers)
        deviations = filled.std(axis=0)
        return cls(
            medians.astype(np.float32),
            filled.mean(axis=0).astype(np.float32),
            # A constant column would divide by zero; it carries nothing, so any scale does.
            np.where(deviations > 0, deviations, 1.0).astype(np.float32),
            tuple(column.categories for column in schema.categories),
        )

    @property
    def width(self) -> int:
        """Number of encoded columns."""
        return len(self.medians) + sum(map(len, self.vocabularies))

    def encode(self, features: Features) -> NDArray[np.float32]:
        """N rows as a float32 matrix of shape (N, width)."""
        numbers = np.where(np.isnan(features.numeric), self.medians, features.numeric)
        blocks = [(numbers - self.means) / self.scales]
        for index, vocabulary in enumerate(self.vocabularies):
            known = np.array(vocabulary, dtype=object)
            blocks.append(features.categorical[:, index, None] == known[None, :])
        return np.concatenate(blocks, axis=1, dtype=np.float32)
