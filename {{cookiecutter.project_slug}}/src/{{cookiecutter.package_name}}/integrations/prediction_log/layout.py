"""The columns of a file of logged rows, known when all rows were seen."""

from collections.abc import Callable, Iterable, Set
from datetime import UTC, datetime

import pyarrow as pa

from {{ cookiecutter.package_name }}.data.features import category_text
from {{ cookiecutter.package_name }}.integrations.prediction_log.reading import Opened, label_of
from {{ cookiecutter.package_name }}.schemas.errors import ConfigError, DataError
from {{ cookiecutter.package_name }}.schemas.prediction_log import LoggedRequest

_TIME = pa.timestamp("us", tz="UTC")
_NUMBERS = frozenset((int, float))


class Column:
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


class Layout:
    """All columns of the file: the model's, and what was answered and told."""

    def __init__(self) -> None:
        self._inputs: dict[str, Column] = {}
        self._prediction, self._label = Column(), Column()

    def see(self, each: Opened) -> None:
        for name, values in zip(each.columns, zip(*each.cells, strict=True), strict=True):
            self._inputs.setdefault(name, Column()).see(values)
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


def _different(one: LoggedRequest, other: LoggedRequest) -> str:
    if one.version != other.version:
        return (
            f"Versions {one.version} and {other.version} have different columns, and no data set "
            "has both: --version chooses one."
        )
    when = datetime.fromtimestamp(other.at, UTC).isoformat(timespec="seconds")
    return (
        f"Version {one.version} was logged with other columns before {when}, and no data set has "
        "both: --since or --until chooses."
    )


class DataSet(Layout):
    """The model's columns and the one to predict: rows to train on."""

    def __init__(self, target: str) -> None:
        super().__init__()
        self._target = target
        self._first: Opened | None = None

    def see(self, each: Opened) -> None:
        first = self._first = self._first or each
        if {*first.columns} != {*each.columns}:
            raise DataError(_different(first.request, each.request))
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
