"""What a running service says of itself and what it answers, as a client keeps it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from pydantic import BaseModel

from {{ cookiecutter.package_name }}.schemas.dataset import Column, DataSchema, Target, Task

Cell = str | float | bool | None
"""One value of a row; None where it is missing."""

Row = list[Cell]
"""The values of one row, in the order of the model's columns."""


class ServedModel(BaseModel):
    """The answer of `GET /v1/model`: which version answers, and what it takes and gives.

    Keys that a newer service adds are left out.
    """

    name: str
    version: str
    alias: str | None
    model_name: str
    data_name: str
    loaded_at: datetime
    task: Task
    target: str
    classes: tuple[str, ...] | None
    columns: tuple[Column, ...]
    image_shape: tuple[int, int, int] | None = None
    metrics: dict[str, float]

    @property
    def data_schema(self) -> DataSchema:
        """Its columns and target as the rest of the project knows them."""
        target = Target(name=self.target, task=self.task, classes=self.classes or ())
        return DataSchema(columns=self.columns, target=target, image_shape=self.image_shape)

    @property
    def label(self) -> str:
        """Name, version and alias as people read them."""
        alias = f" ({self.alias})" if self.alias else ""
        return f"{self.name}, version {self.version}{alias}"


@dataclass(frozen=True)
class Answer:
    """What the service answered to N rows, in their order, and which version did.

    `values` are class labels, or numbers for regression. `probabilities` has for each row one
    number a class, in the order of `classes`; both are empty for regression. `milliseconds` is
    the time from sending the request to having its answer.
    """

    values: tuple[str | float, ...]
    probabilities: tuple[tuple[float, ...], ...]
    classes: tuple[str, ...]
    version: str
    milliseconds: float

    @classmethod
    def from_json(cls, body: Mapping[str, Any], milliseconds: float) -> "Answer":
        """Read the body of an answer to `POST /v1/predict`; KeyError where it is not one."""
        return cls(
            values=tuple(body["predictions"]),
            probabilities=tuple(map(tuple, body["probabilities"] or ())),
            classes=tuple(body["classes"] or ()),
            version=str(body["model"]["version"]),
            milliseconds=milliseconds,
        )

    def ranked(self, row: int, most: int = 10) -> list[tuple[str, float]]:
        """The likeliest classes of one row with their probabilities, the likeliest first."""
        if not self.probabilities:
            return []
        pairs = zip(self.classes, self.probabilities[row], strict=True)
        return sorted(pairs, key=lambda pair: -pair[1])[:most]


class Answering(Protocol):
    """What a page asks: a running service, or a model in its own process."""

    def model(self) -> ServedModel:
        """The model that answers now; ModelNotFound, or what else is in the way."""
        ...

    def predict(self, rows: list[Row]) -> Answer:
        """Predictions for these rows; InvalidRequest with an entry a refused value."""
        ...

    def counters(self) -> str:
        """What is counted, in Prometheus' text format; ServiceError."""
        ...

    def close(self) -> None:
        """Let go of connections."""
        ...
