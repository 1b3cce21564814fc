"""Work that is begun at once, and waited for only where it has to wait."""

from collections.abc import Awaitable, Generator
from functools import partial
from types import CoroutineType
from typing import Any, Generic, TypeVar, cast

_Result = TypeVar("_Result")


class Started(Generic[_Result]):
    """A coroutine, run until it first waits for something, or ends.

    A time limit around work that need not wait costs more than the work: see `done` first. What it
    raises at once is raised here.
    """

    __slots__ = ("_steps", "_waits_for", "done", "result")

    result: _Result
    """Only where it is `done`."""

    def __init__(self, work: Awaitable[_Result]) -> None:
        self.done = False
        if isinstance(work, CoroutineType):
            self._steps: Generator[Any, Any, _Result] = cast("Any", work)
        else:
            self._steps = work.__await__()
        try:
            self._waits_for = self._steps.send(None)
        except StopIteration as ended:
            self.done, self.result = True, ended.value

    def __await__(self) -> Generator[Any, Any, _Result]:
        """Go on from where it waits. The loop sees what it would have seen, a moment later."""
        if self.done:
            return self.result
        waits_for = self._waits_for
        while True:
            try:
                sent = yield waits_for
            except BaseException as error:  # such as that it is cancelled: its own to handle
                step = partial(self._steps.throw, error)
            else:
                step = partial(self._steps.send, sent)
            try:
                waits_for = step()
            except StopIteration as ended:
                result: _Result = ended.value
                return result
