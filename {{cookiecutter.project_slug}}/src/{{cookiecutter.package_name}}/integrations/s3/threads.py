"""Work of several threads that stop together."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager


class Threads:
    """Takes work; after the first failure none is begun, and `stopped` asks the rest to end."""

    def __init__(self, workers: int) -> None:
        self.stopped = threading.Event()
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="s3")
        self._futures: list[Future[None]] = []

    def begin(self, work: Callable[..., None], *arguments: object) -> None:
        """Have one of the threads do this, when it is free."""
        self._futures.append(self._pool.submit(self._attempt, work, *arguments))

    def finish(self) -> None:
        """Wait for all that was begun; raises the first failure."""
        done, _ = wait(self._futures, return_when=FIRST_EXCEPTION)
        for future in done:
            future.result()

    def end(self) -> None:
        """Wait for what is being done, and forget the rest."""
        self.stopped.set()
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _attempt(self, work: Callable[..., None], *arguments: object) -> None:
        try:
            if not self.stopped.is_set():
                work(*arguments)
        except BaseException:
            self.stopped.set()
            raise


@contextmanager
def threads(workers: int) -> Iterator[Threads]:
    """Threads for the work of a block, which ends when all of it is done or any of it failed."""
    made = Threads(workers)
    try:
        yield made
        made.finish()
    finally:
        made.end()
