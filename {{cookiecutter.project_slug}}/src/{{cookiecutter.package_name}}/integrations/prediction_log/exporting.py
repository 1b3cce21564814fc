"""A part of the log as one file, a column for each of the model's: to train on, or to look at.

The log is read twice: only at its end is it known which columns there are, and which are numbers.
"""

from collections.abc import Callable, Iterable, Iterator, Set
from pathlib import Path

import pyarrow as pa

from {{ cookiecutter.package_name }}.data.features import category_text
from {{ cookiecutter.package_name }}.data.tabular import format_of
from {{ cookiecutter.package_name }}.data.writable import writable
from {{ cookiecutter.package_name }}.data.writers import open_writer
from {{ cookiecutter.package_name }}.integrations.prediction_log.reading import (
    Opened,
    label_of,
    labelled,
    opened,
)
from {{ cookiecutter.package_name }}.schemas.errors import ConfigError, DataError
from {{ cookiecutter.package_name }}.schemas.logged_rows import Selection
from {{ cookiecutter.package_name }}.schemas.prediction_log import LoggedRequest
from {{ cookiecutter.package_name }}.utils.files import replaced_file

_AT_ONCE = 2000
_TIME = pa.timestamp("us", tz="UTC")
_NUMBERS = frozenset((int, float))


class _Column:
    """The kinds of values that were seen of a column."""

    def __init__(self) -> None:
        self._kinds: set[type] = set()

    def see(self, values: Iterable[object]) -> None:
        self._kinds.update(map(type, values))

    @property
    def is_number(self) -> bool:
        kinds = self._kinds - {type(None)}
        return bool(kinds) and kinds <= _NUMBERS

    def array(self, values: list[object]) -> pa.Array:
        if self.is_number:
            return pa.array(values, pa.float64())
        texts = [None if value is None else category_text(value) for value in values]
        return pa.array(texts, pa.string())


def _told(each: Opened) -> list[object]:
    pairs = zip(each.labels, each.answers, strict=True)
    return [label_of(label, answer) for label, answer in pairs]


def _highest(each: Opened) -> list[object]:
    return (
        [None] * len(each.answers)
        if each.probabilities is None
        else [*map(max, each.probabilities)]
    )


class _Layout:
    """All columns of the file: the model's, and what was answered and told."""

    def __init__(self) -> None:
        self._inputs: dict[str, _Column] = {}
        self._prediction, self._label = _Column(), _Column()

    def see(self, each: Opened) -> None:
        for name, values in zip(each.columns, zip(*each.cells, strict=True), strict=True):
            self._inputs.setdefault(name, _Column()).see(values)
        self._prediction.see(each.answers)
        self._label.see(_told(each))

    def table(self, part: list[Opened]) -> pa.Table:
        """The rows of some requests; DataError where they are not as those that were seen."""
        try:
            return self._table(part)
        except (KeyError, pa.ArrowException) as error:
            raise DataError(
                "Rows with other columns or values came in meanwhile: run the command again, with "
                "an --until that is some minutes ago."
            ) from error

    def _table(self, part: list[Opened]) -> pa.Table:
        values: dict[str, list[object]] = {name: [] for name in self._inputs}
        for each in part:
            there = dict(zip(each.columns, zip(*each.cells, strict=True), strict=True))
            if not self._fits(there.keys()):
                raise KeyError
            nothing = [None] * len(each.answers)
            for name, column in values.items():
                column += there.get(name, nothing)
        columns = {name: self._inputs[name].array(column) for name, column in values.items()}
        own = self._own(part)
        return pa.table(columns | {self._free(name): array for name, array in own.items()})

    def _fits(self, columns: Set[str]) -> bool:
        return columns <= self._inputs.keys()

    def _own(self, part: list[Opened]) -> dict[str, pa.Array]:
        def of(read: Callable[[LoggedRequest], object]) -> list[object]:
            return [value for each in part for value in [read(each.request)] * len(each.answers)]

        moments = of(lambda request: round(request.at * 1e6))
        return {
            "prediction": self._prediction.array([row for each in part for row in each.answers]),
            "probability": pa.array([row for each in part for row in _highest(each)], pa.float64()),
            "label": self._label.array([row for each in part for row in _told(each)]),
            "answered": pa.array(moments, pa.int64()).cast(_TIME),
            "request_id": pa.array(of(lambda request: request.request_id), pa.string()),
            "row_index": pa.array([n for each in part for n in range(len(each.answers))]),
            "version": pa.array(of(lambda request: request.version), pa.string()),
        }

    def _free(self, name: str) -> str:
        while name in self._inputs:
            name = f"log_{name}"
        return name


class _DataSet(_Layout):
    """The model's columns and the one to predict: rows to train on."""

    def __init__(self, target: str) -> None:
        super().__init__()
        self._target = target
        self._first: Opened | None = None

    def see(self, each: Opened) -> None:
        first = self._first = self._first or each
        if {*first.columns} != {*each.columns}:
            one, other = first.request.version, each.request.version
            raise DataError(
                f"Versions {one} and {other} have different columns, and no data set has both: "
                "--version chooses one."
            )
        super().see(each)

    def _fits(self, columns: Set[str]) -> bool:
        return columns == self._inputs.keys()  # what a row has not would be missing values

    def _own(self, part: list[Opened]) -> dict[str, pa.Array]:
        return {self._target: self._label.array([row for each in part for row in _told(each)])}

    def _free(self, name: str) -> str:
        if name in self._inputs:
            raise ConfigError(
                f"'{name}' is a column of the model: the labels need another name (--target)."
            )
        return name


def export(url: str, asked: Selection, file: Path, target: str | None = None) -> int:
    """Write the selected rows to a CSV or Parquet file, the oldest first; returns how many.

    With a `target`, only rows whose label is known, as a data set: the model's columns, and the
    labels under that name. `file` appears whole or not at all. Raises ConfigError, DataError and
    StoreUnavailable.
    """
    format_of(file)
    if not file.parent.is_dir():
        raise ConfigError(f"There is no folder '{file.parent}' to write '{file.name}' into.")
    if file.is_dir():
        raise ConfigError(f"'{file}' is a folder: expected the name of a file.")
    layout, total = _Layout() if target is None else _DataSet(target), 0

    def found() -> Iterator[Opened]:
        every = opened(url, asked)
        return every if target is None else filter(None, map(labelled, every))

    for each in found():
        layout.see(each)
        total += len(each.answers)
    if not total:
        known = "" if target is None else " with a label"
        raise DataError(f"The prediction log has no such rows{known}: nothing was written.")
    with (
        writable(file),
        replaced_file(file) as fresh,
        open_writer(fresh, like=file) as writer,
    ):
        total = 0
        for part in _parts(found()):
            table = layout.table(part)
            writer.write(table)
            total += table.num_rows
    return total


def _parts(found: Iterator[Opened]) -> Iterator[list[Opened]]:
    """A few requests at a time, with about so many rows as are written at once."""
    part: list[Opened] = []
    count = 0
    for each in found:
        part.append(each)
        count += len(each.answers)
        if count >= _AT_ONCE:
            yield part
            part, count = [], 0
    if part:
        yield part
