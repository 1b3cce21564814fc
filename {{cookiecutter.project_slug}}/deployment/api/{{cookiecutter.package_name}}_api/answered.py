"""What is known of requests that were answered, for whoever counts, watches or keeps them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from {{ cookiecutter.package_name }}.data.features import Features
from {{ cookiecutter.package_name }}.schemas.model import Predictions
from {{ cookiecutter.package_name }}_api.models.loading import Served


class Told(NamedTuple):
    """One of them: its id, how many rows are its own, and how many seconds it took so far."""

    request_id: str
    rows: int
    seconds: float


@dataclass(slots=True)  # frozen, it would take three times as long to make
class Answered:
    """Requests that one run of the model answered.

    The rows lie in the order of `requests`, as the model took them, with what it said of each.
    `at` is the time of the answer in seconds since 1970. The arrays are the service's own: whoever
    keeps them must not change them.
    """

    served: Served
    features: Features
    predictions: Predictions
    requests: list[Told]
    at: float


Listener = Callable[[Answered], None]
"""Hears of answered requests on the event loop, before their answers are sent: it must take
microseconds, and leave whatever takes longer to a thread of its own."""
