"""What is known of requests that were answered, for whoever counts, watches or keeps them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple, Self

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

    def parts(self, most: int, most_rows: int) -> Iterator[Self]:
        """The same in runs of no more requests, and of no more rows unless a request has them."""
        start = row = 0
        while start < len(self.requests):
            end, last = start + 1, row + self.requests[start].rows
            while end < len(self.requests) and end - start < most:
                if last + self.requests[end].rows - row > most_rows:
                    break
                last += self.requests[end].rows
                end += 1
            if end - start == len(self.requests):
                yield self
            else:
                rows = slice(row, last)
                features, predictions = self.features[rows], self.predictions[rows]
                told = self.requests[start:end]
                yield type(self)(self.served, features, predictions, told, self.at)
            start, row = end, last


Listener = Callable[[Answered], None]
"""Hears of answered requests on the event loop, before their answers are sent: it must take
microseconds, and leave whatever takes longer to a thread of its own."""
