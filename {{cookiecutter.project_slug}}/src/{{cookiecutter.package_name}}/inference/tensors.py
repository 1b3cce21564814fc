"""Rows as tensors, as clients of inference servers send them, checked against a model's columns."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from {{ cookiecutter.package_name }}.data.features import Features, category_text
from {{ cookiecutter.package_name }}.inference.limits import Choices, Ranges
from {{ cookiecutter.package_name }}.inference.records import MAX_ERRORS
from {{ cookiecutter.package_name }}.inference.refusals import refusals
from {{ cookiecutter.package_name }}.schemas.dataset import DataSchema
from {{ cookiecutter.package_name }}.schemas.errors import FieldError, InvalidRequest


class TensorReader:
    """Holds tensors for one model to the rules that `RowReader` holds rows to."""

    def __init__(self, schema: DataSchema) -> None:
        self._schema = schema
        self._ranges = Ranges(schema.numbers)
        self._choices = Choices(schema.categories)
        limits = [
            (
                -np.inf if column.lowest is None else column.lowest,
                np.inf if column.highest is None else column.highest,
            )
            for column in schema.numbers
        ]
        self._limits = np.array(limits, dtype=np.float64).reshape(-1, 2).T

    def read(
        self,
        numeric: NDArray[np.float32] | NDArray[np.float64],
        categorical: NDArray[np.object_],
    ) -> Features:
        """`numeric` (N, numbers), NaN where missing, and `categorical` (N, categories) of str.

        Missing text is "". Raises InvalidRequest with up to `MAX_ERRORS` entries.
        """
        with np.errstate(over="ignore"):
            single = numeric.astype(np.float32)  # a copy: it may be a view of a whole request
        texts = [category_text(text) for text in categorical.ravel().tolist()]
        spelled = np.array(texts, dtype=object).reshape(categorical.shape)
        good = not np.isinf(single).any() and self._in_range(single)
        if not (good and self._choices.hold(texts, categorical.shape[1])):
            told = islice(self._told(numeric, single, spelled), MAX_ERRORS)
            raise InvalidRequest(list(told))
        return Features(single, spelled)

    def _in_range(self, single: NDArray[np.float32]) -> bool:
        return self._ranges.hold(single.astype(np.float64)) or self._ranges.hold(
            self._settled(single)
        )

    def _settled(self, single: NDArray[np.float32]) -> NDArray[np.float64]:
        """What rounds to a limit is that limit: 0.1 in 32 bits is a little more than 0.1."""
        matrix = single.astype(np.float64)
        for limit in self._limits:
            matrix = np.where(single == limit.astype(np.float32), limit, matrix)
        return matrix

    def _told(
        self,
        sent: NDArray[np.float32] | NDArray[np.float64],
        single: NDArray[np.float32],
        categorical: NDArray[np.object_],
    ) -> Iterator[FieldError]:
        settled = self._settled(single)
        for number in range(len(single)):
            values = iter(zip(sent[number], settled[number], single[number], strict=True))
            texts = iter(categorical[number].tolist())
            row: list[object] = [
                _number(*next(values)) if column.kind == "number" else next(texts) or None
                for column in self._schema.columns
            ]
            for error in refusals([row], self._schema):
                yield replace(error, row=number)


def _number(sent: np.floating, settled: np.float64, single: np.float32) -> float | None:
    """A number as its sender knows it; None where it is missing."""
    if np.isnan(sent):
        return None
    if np.isinf(single):
        return float(sent)
    # The shortest spelling: 130.1 in 32 bits has many more digits than anybody wrote.
    return float(settled) if settled != np.float64(single) else float(str(single))
