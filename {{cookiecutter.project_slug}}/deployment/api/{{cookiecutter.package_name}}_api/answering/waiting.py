"""How long a request waits before anything is done for it."""

import asyncio
import logging
from collections.abc import Callable
from time import perf_counter

_log = logging.getLogger(__name__)
_STEP_SECONDS = 0.05


class Waiting:
    """`seconds` is how late the event loop came last to what was due: what a request waits, too.

    Requests that are answered inline are never many at once, however many have come: they queue
    where no counter sees them, and this does.
    """

    def __init__(self, show: Callable[[float], None]) -> None:
        """`show` is told of each measurement."""
        self.seconds = 0.0
        self._show = show
        self._told = False

    async def watch(self) -> None:
        """Measure until cancelled."""
        while True:
            began = perf_counter()
            await asyncio.sleep(_STEP_SECONDS)
            self.seconds = max(0.0, perf_counter() - began - _STEP_SECONDS)
            try:
                self._show(self.seconds)
            except Exception:  # a measurement that is never replaced could refuse all requests
                if not self._told:
                    _log.exception("defect")
                self._told = True
