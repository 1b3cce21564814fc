"""Stages of a pipeline at the same time: one thread reads ahead, another writes behind.

Worth it where the stages leave Python's lock, as reading, computing and writing of arrays do.
"""

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

T = TypeVar("T")

_WAITING = 2
"""Items between two stages: so many that neither stands idle, so few that memory stays flat."""


@contextmanager
def _worker() -> Iterator[ThreadPoolExecutor]:
    pool = ThreadPoolExecutor(max_workers=1)
    try:
        yield pool
    finally:
        # What has begun ends; what waits is not wanted any more, after an error or Ctrl-C.
        pool.shutdown(wait=True, cancel_futures=True)


@contextmanager
def read_ahead(items: Iterator[T]) -> Iterator[Iterator[T]]:
    """The same items in the same order, taken by a thread before they are asked for.

    An error of `items` is raised where its item would have come. The thread ends with the block.
    """
    with _worker() as pool:
        yield _taken(pool, items)


def _taken(pool: ThreadPoolExecutor, items: Iterator[T]) -> Iterator[T]:
    coming: deque[Future[T | None]] = deque()
    while True:
        while len(coming) <= _WAITING:
            coming.append(pool.submit(next, items, None))
        item = coming.popleft().result()
        if item is None:
            return
        yield item


@contextmanager
def write_behind(write: Callable[[T], object]) -> Iterator[Callable[[T], None]]:
    """A function that hands items to `write` in a thread, in order, and waits while many wait.

    An error of `write` is raised by a later call or at the end of the block, when all are written.
    """
    with _worker() as pool:
        going: deque[Future[object]] = deque()

        def hand_over(item: T) -> None:
            going.append(pool.submit(write, item))
            while len(going) > _WAITING:
                going.popleft().result()

        yield hand_over
        for future in going:
            future.result()
