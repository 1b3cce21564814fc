"""What is known of a request that was answered, for whoever counts, watches or keeps it."""

from collections.abc import Callable
from dataclasses import dataclass

from {{ cookiecutter.package_name }}.data.features import Features
from {{ cookiecutter.package_name }}.schemas.model import Predictions
from {{ cookiecutter.package_name }}_api.models.loading import Served


@dataclass(slots=True)  # frozen, it would take three times as long to make
class Answered:
    """The rows of one request, as the model took them, and what it said of each.

    `at` is the time of the answer in seconds since 1970; `seconds` is how long the request took
    so far. Both arrays are the service's own: whoever keeps them must not change them.
    """

    served: Served
    features: Features
    predictions: Predictions
    request_id: str
    at: float
    seconds: float


Listener = Callable[[Answered], None]
"""Hears of each answered request on the event loop, before its answer is sent: it must take
microseconds, and leave whatever takes longer to a thread of its own."""
