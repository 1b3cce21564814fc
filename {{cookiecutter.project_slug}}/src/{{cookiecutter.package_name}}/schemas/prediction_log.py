"""What is kept of an answered request, and of the true labels that are told afterwards."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class LoggedRequest:
    """One answered request."""

    id: str
    """Given by the service (a UUID in hex): the same request is not stored twice."""
    at: float
    """When it was answered, in seconds since 1970 (UTC)."""
    request_id: str
    """What the response was told apart by; a client may have chosen it, so it may recur."""
    model: str
    version: str
    rows: int
    inputs: str
    """JSON: `{"columns": [names], "rows": [[values], ...]}`; a hashed column holds its hash."""
    predictions: str
    """JSON: an array of `rows` answers."""
    probabilities: str | None
    """JSON: an array of `rows` arrays, one number a class; None where the model has none."""
    seconds: float
    """How long the answer took."""


@dataclass(frozen=True, slots=True)
class LoggedLabel:
    """The true label of one row of an answered request."""

    id: str
    """Given by the service (a UUID in hex): the same label is not stored twice."""
    at: float
    """When it was told, in seconds since 1970 (UTC)."""
    request_id: str
    row: int
    """Counts from 0 within the request."""
    label: str
    """As text: a class as in `predictions`, or a number as JSON would spell it."""
    source: str | None
    """Who or what told it."""


class PredictionStore(Protocol):
    """Where answered requests are kept; used by one thread at a time."""

    def open(self) -> None:
        """Connect, and bring the schema up to date.

        Raises StoreUnavailable where it does not answer, or is no prediction log of ours.
        """
        ...

    def write(self, requests: Sequence[LoggedRequest], labels: Sequence[LoggedLabel]) -> None:
        """Store all or nothing; ids that are there already are ignored.

        Raises StoreUnavailable.
        """
        ...

    def prune(self, before: float) -> int:
        """Delete what is older than `before` (seconds since 1970); returns how many requests.

        Raises StoreUnavailable.
        """
        ...

    def close(self) -> None:
        """Let go of connections and files."""
        ...
