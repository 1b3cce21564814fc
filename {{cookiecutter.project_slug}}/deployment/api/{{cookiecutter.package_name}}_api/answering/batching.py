"""Requests that arrive within a time, as one run of the model by a thread."""

import asyncio

from fastapi import HTTPException

from {{ cookiecutter.package_name }}.data.features import Features
from {{ cookiecutter.package_name }}.schemas.model import Predictions
from {{ cookiecutter.package_name }}_api.answering.crew import Crew
from {{ cookiecutter.package_name }}_api.answering.together import Together, hand_out, predicted
from {{ cookiecutter.package_name }}_api.models.loading import Served


class Batching:
    """Gathers requests for `seconds`, or until there are `most_rows`, and runs them as one.

    Each run is done by a thread of the crew, whose queue bounds how many can wait. One version's
    rows are never run by another's model.
    """

    def __init__(self, crew: Crew, seconds: float, most_rows: int, timeout: float) -> None:
        self.most_rows = most_rows
        self._crew = crew
        self._seconds = seconds
        self._timeout = timeout
        self._open: Together | None = None
        self._running: set[asyncio.Task[None]] = set()

    async def predict(self, served: Served, features: Features) -> Predictions:
        """What the model says of these rows, run together with those of other requests.

        HTTPException 503 where too many batches wait, or where it is not answered in time.
        """
        loop = asyncio.get_running_loop()
        batch = self._open
        if batch is not None and not batch.fits(served, features, self.most_rows):
            self._close(batch)
            batch = None
        if batch is None:
            batch = self._open = Together(served)
            batch.timer = loop.call_later(self._seconds, self._close, batch)
        waiter: asyncio.Future[Predictions] = loop.create_future()
        batch.add(features, waiter)
        if batch.rows >= self.most_rows:
            self._close(batch)
        return await waiter

    def _close(self, batch: Together) -> None:
        """Run what was gathered; the next request begins another batch."""
        if batch.timer is not None:
            batch.timer.cancel()
        self._open = None
        task = asyncio.create_task(self._run(batch))
        self._running.add(task)  # the loop itself would let it be forgotten
        task.add_done_callback(self._running.discard)

    async def _run(self, batch: Together) -> None:
        parts, waiters = batch.waiting()
        if not parts:
            return
        try:
            answers = await self._crew.do(lambda: predicted(batch.served, parts), self._timeout)
        except HTTPException as busy:
            answers = [busy] * len(parts)
        hand_out(waiters, answers)
