"""Requests that are ready in one turn of the event loop, as one run of the model.

Nobody waits for a time or for a thread: what came while the last turn was worked off is there
already. Under load that is many requests, and a run costs little more for many rows than for one.
"""

import asyncio

from {{ cookiecutter.package_name }}.data.features import Features
from {{ cookiecutter.package_name }}.schemas.model import Predictions
from {{ cookiecutter.package_name }}_api.answering.together import Together, hand_out, predicted
from {{ cookiecutter.package_name }}_api.models.loading import Served

_MOST_ALONE = 31
"""Requests that are run at once, by themselves, before the next look whether several come."""


class Turns:
    """Runs small batches inline, together where several are ready."""

    def __init__(self) -> None:
        self._open: Together | None = None
        self._alone = self._to_be_alone = 0

    async def predict(self, served: Served, features: Features) -> Predictions:
        """What the model says of these rows; never more than `inline_rows` in one run."""
        turn = self._open
        if turn is None and self._alone:
            # Lately each came by itself: the end of the turn would be waited for in vain.
            self._alone -= 1
            return served.predictor.predict(features)
        if turn is not None and not turn.fits(served, features, served.inline_rows):
            self._run(turn)
            turn = None
        loop = asyncio.get_running_loop()
        if turn is None:
            turn = self._open = Together(served)
            turn.timer = loop.call_soon(self._run, turn)
        waiter: asyncio.Future[Predictions] = loop.create_future()
        turn.add(features, waiter)
        return await waiter

    def _run(self, turn: Together) -> None:
        if turn.timer is not None:
            turn.timer.cancel()
        self._open = None
        several = len(turn.parts) > 1
        self._to_be_alone = 0 if several else min(2 * self._to_be_alone + 1, _MOST_ALONE)
        self._alone = self._to_be_alone
        parts, waiters = turn.waiting()
        if parts:
            hand_out(waiters, predicted(turn.served, parts))
