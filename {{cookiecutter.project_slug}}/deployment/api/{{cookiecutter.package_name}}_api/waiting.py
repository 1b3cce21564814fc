"""How long a request waits before anything is done for it."""

import asyncio
from time import perf_counter

_STEP_SECONDS = 0.05


class Waiting:
    """`seconds` is how late the event loop came last to what was due: what a request waits, too.

    Requests that are answered inline are never many at once, however many have come: they queue
    where no counter sees them, and this does.
    """

    def __init__(self) -> None:
        self.seconds = 0.0

    async def watch(self) -> None:
        """Measure until cancelled."""
        while True:
            began = perf_counter()
            await asyncio.sleep(_STEP_SECONDS)
            self.seconds = perf_counter() - began - _STEP_SECONDS
