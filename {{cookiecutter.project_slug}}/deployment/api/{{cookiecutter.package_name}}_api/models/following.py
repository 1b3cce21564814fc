"""The service stays on the version that the registry names, without a stop."""

import asyncio
import logging
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from typing import Protocol, TypeVar

from {{ cookiecutter.package_name }}.schemas.errors import ProjectError, ServiceError
from {{ cookiecutter.package_name }}_api.models.loading import Served
from {{ cookiecutter.package_name }}_api.service import Service, Trouble
from {{ cookiecutter.package_name }}_api.settings import Settings

_log = logging.getLogger(__name__)
_Result = TypeVar("_Result")

_TICK_SECONDS = 1.0
"""How often a note of another process of this service is looked for: it costs a file's `stat`."""

_LONGEST_PAUSE = 600.0
"""Seconds after which a registry, or a version, that failed is tried again at the latest."""


class Newer(Protocol):
    """What should answer instead of the present model, None where nothing should: `newer_model`."""

    def __call__(
        self,
        settings: Settings,
        served: Served,
        now: bool,  # noqa: FBT001
        *,
        hurry: bool = False,
    ) -> Served | None:
        """`now` demands that the registry itself is asked, however lately it was.

        `hurry` is for somebody who waits: the asking does not let other processes go first.
        """
        ...


class Follower:
    """Looks for another version again and again, and lets the service answer with it.

    The present version answers until the other one is loaded and has answered a row. What
    fails is told once by the log, and by `trouble` and the counters as long as it lasts.
    """

    def __init__(self, service: Service, newer: Newer) -> None:
        self._service = service
        self._newer = newer
        self._one_at_a_time = asyncio.Lock()
        self._catching_up = asyncio.Lock()

    async def run(self) -> None:
        """Look until cancelled."""
        while True:
            trouble = self._service.trouble
            await asyncio.sleep(self._pause(trouble))
            if self._service.trouble is not trouble:
                continue  # somebody looked meanwhile, and what was found has a pause of its own
            try:
                with suppress(ProjectError):  # was noted; the next look may find it mended
                    await self.look(now=trouble is not None)
            except Exception:  # whatever it is, the looking goes on
                _log.exception("defect")

    def _pause(self, trouble: Trouble | None) -> float:
        interval = self._service.settings.model_poll_seconds
        if trouble is None:
            return min(interval or _TICK_SECONDS, _TICK_SECONDS)
        if self._service.served.server is not None:  # asked again soon: it is asked for little
            return min(interval or _TICK_SECONDS, _TICK_SECONDS)
        if trouble.tries == 0:
            return 0.0
        first = interval or _LONGEST_PAUSE
        return min(first * 2.0 ** min(trouble.tries - 1, 10), max(interval, _LONGEST_PAUSE))

    async def catch_up(self, gone: Served) -> None:
        """Look now, unless another request had it done meanwhile."""
        async with self._catching_up:
            if self._service.served is gone:
                await self.look(now=True)

    async def look(self, now: bool = False, *, hurry: bool = False) -> bool:  # noqa: FBT001, FBT002
        """Whether another version answers after this look; ProjectError where it failed.

        `now` and `hurry` are those of `Newer`.
        """
        async with self._one_at_a_time:
            service = self._service
            try:
                fresh = await _in_thread(
                    lambda: self._newer(service.settings, service.served, now, hurry=hurry)
                )
                return self._taken(fresh, asked=now)
            except ProjectError as error:
                self._failed(error)
                raise
            except Exception as error:
                _log.exception("defect")
                failure = ServiceError(f"A defect stopped the update ({type(error).__name__}).")
                self._failed(failure)
                raise failure from error

    def _taken(self, fresh: Served | None, *, asked: bool) -> bool:
        service = self._service
        if fresh is None:
            if asked:  # else nobody may have asked: what another look found still holds
                service.settle()
            return False
        former = service.served.version.version
        service.serve(fresh)
        service.settle()
        service.metrics.count_update("swapped")
        _log.info(
            "another version answers", extra={"version": fresh.version.version, "former": former}
        )
        return True

    def _failed(self, error: ProjectError) -> None:
        former = self._service.trouble
        self._service.metrics.count_update("failed")
        if former is not None and former.reason == str(error):
            trouble = Trouble(former.reason, former.since, former.tries + 1)
        else:
            trouble = Trouble(str(error), datetime.now(UTC), former.tries + 1 if former else 1)
            still = self._service.served.version.version
            _log.error("no update", extra={"reason": str(error), "still": still})
        self._service.note_trouble(trouble)


async def _in_thread(work: Callable[[], _Result]) -> _Result:
    """`asyncio.to_thread`, but for a registry that never answers: a stop does not wait for it."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[_Result] = loop.create_future()

    def tell(settle: Callable[[], None]) -> None:
        with suppress(RuntimeError):  # the loop is closed: nobody waits any more
            loop.call_soon_threadsafe(lambda: None if done.done() else settle())

    def run() -> None:
        try:
            result = work()
        except BaseException as error:  # handed over to whoever waits
            failure = error
            tell(lambda: done.set_exception(failure))
        else:
            tell(lambda: done.set_result(result))

    threading.Thread(target=run, name="model-update", daemon=True).start()
    return await done
