"""What is read back of a prediction log: rows with their answers and labels, and counts."""

from collections.abc import Mapping
from dataclasses import dataclass, field

Value = str | float | bool | None
"""One cell, as JSON has it."""


@dataclass(frozen=True, slots=True)
class Selection:
    """Which answered requests are meant; what is None does not count."""

    since: float | None = None
    """Answered then or later, in seconds since 1970."""
    until: float | None = None
    """Answered before then, in seconds since 1970."""
    version: str | None = None


@dataclass(frozen=True, slots=True)
class LoggedRow:
    """One row of an answered request."""

    id: str
    """Of the request as it is stored; `request_id` may recur."""
    request_id: str
    row: int
    """Counts from 0 within the request."""
    at: float
    """When it was answered, in seconds since 1970."""
    model: str
    version: str
    inputs: Mapping[str, Value]
    """Values by column; columns that were left out are absent."""
    prediction: str | float
    probabilities: tuple[float, ...] | None
    """One number a class, in the order of the model's classes."""
    label: str | float | None
    """The newest true label that was told, a number where the prediction is one; else None."""
    label_source: str | None
    seconds: float
    """How long the answer to the whole request took."""


@dataclass(slots=True)
class Bucket:
    """What was answered within one stretch of time."""

    start: float
    """In seconds since 1970."""
    requests: int = 0
    rows: int = 0
    by_prediction: dict[str, int] = field(default_factory=dict)
    """How many rows were given each class; a number is no class, and not counted here."""
    answers: dict[tuple[str, str], dict[str, int]] = field(default_factory=dict)
    """The same by model and version: those of another may have other classes."""
    by_version: dict[str, int] = field(default_factory=dict)
    """How many rows each version answered."""
    labelled: int = 0
    """Rows whose true label is known."""
    right: int = 0
    """Of those, how many were given that label."""
    latency_ms: dict[str, float] = field(default_factory=dict)
    """`p50`, `p95` and `p99` of the requests' latencies, in milliseconds, to within 5 %."""
