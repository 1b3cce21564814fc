"""Room for so many requests at a time; whoever waits for a body takes none of it."""

from collections.abc import Iterator
from contextlib import contextmanager

from {{ cookiecutter.package_name }}_api.answering.crew import busy
from {{ cookiecutter.package_name }}_api.observing.request_metrics import RequestMetrics


class Room:
    """For `most` requests. Belongs to the event loop."""

    def __init__(self, most: int, requests: RequestMetrics) -> None:
        """`requests` counts those in progress, and shows the operator how many they are."""
        self._most, self._requests = most, requests
        self.refusal = f"Requests in progress: {most}, as many as there may be; ask again soon."
        """What is said where there is none."""

    @property
    def full(self) -> bool:
        """Whether a request that comes now has to go."""
        return self._taken >= self._most

    @property
    def _taken(self) -> int:
        return self._requests.in_progress - self._requests.awaited

    @contextmanager
    def taken(self) -> Iterator[None]:
        """While a request is in progress."""
        self._requests.in_progress += 1
        try:
            yield
        finally:
            self._requests.in_progress -= 1

    @contextmanager
    def left(self) -> Iterator[None]:
        """While the client of a request in progress has to do something first."""
        self._requests.awaited += 1
        try:
            yield
        finally:
            self._requests.awaited -= 1

    def check(self) -> None:
        """HTTPException 503 where others have taken the place that a request had `left`."""
        if self._taken > self._most:
            raise busy(self.refusal)
