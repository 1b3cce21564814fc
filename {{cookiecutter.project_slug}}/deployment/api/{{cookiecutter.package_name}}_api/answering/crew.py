"""Threads for what takes too long to be done between two other requests."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from fastapi import HTTPException

_Result = TypeVar("_Result")

THREADS = 2
"""A model's run leaves Python's lock: two large batches can use two cores."""

MOST_WAITING = 16
"""Large batches that wait for a thread; a longer queue would only be answered too late."""


def busy(detail: str) -> HTTPException:
    """A refusal that asks to come again soon."""
    return HTTPException(503, detail, headers={"Retry-After": "1"})


class Crew:
    """A few threads with a short queue."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="batch")
        self._taken = 0

    @property
    def taken(self) -> int:
        """Work that is done, or waits for a thread."""
        return self._taken

    async def do(self, work: Callable[[], _Result], seconds: float) -> _Result:
        """The result of `work`, done in a thread.

        HTTPException 503 where too much waits already, or where it is not done in time.
        """
        if self._taken >= THREADS + MOST_WAITING:
            raise busy("Too many large batches wait; ask again soon, or send fewer rows.")
        self._taken += 1
        future = self._threads.submit(work)
        loop = asyncio.get_running_loop()
        # Work that nobody waits for any more still holds its thread until it ends.
        future.add_done_callback(lambda _: _in_loop(loop, self._one_less))
        try:
            async with asyncio.timeout(seconds):
                return await asyncio.wrap_future(future)
        except TimeoutError:
            raise busy(f"The batch was not answered within {seconds:g} s.") from None

    def _one_less(self) -> None:
        self._taken -= 1

    def close(self) -> None:
        """Let the threads end when their work does; what waits is dropped."""
        self._threads.shutdown(wait=False, cancel_futures=True)


def _in_loop(loop: asyncio.AbstractEventLoop, call: Callable[[], None]) -> None:
    if not loop.is_closed():
        loop.call_soon_threadsafe(call)
