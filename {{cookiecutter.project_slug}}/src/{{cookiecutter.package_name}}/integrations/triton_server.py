"""A Triton server as the service follows it: which version it has, and whether it can answer."""

import asyncio
import logging
import time
from collections.abc import Coroutine
from contextlib import closing
from time import monotonic
from typing import Any, TypeVar

import numpy as np

from {{ cookiecutter.package_name }}.data.features import Features
from {{ cookiecutter.package_name }}.inference.predictor import Predictor
from {{ cookiecutter.package_name }}.integrations import triton_async, triton_client
from {{ cookiecutter.package_name }}.integrations.triton_async import AsyncTritonClient
from {{ cookiecutter.package_name }}.integrations.triton_description import Description
from {{ cookiecutter.package_name }}.integrations.triton_errors import (
    TritonUnavailable,
    late,
)
from {{ cookiecutter.package_name }}.integrations.triton_runtime import TritonRuntime
from {{ cookiecutter.package_name }}.integrations.triton_settings import TritonSettings
from {{ cookiecutter.package_name }}.schemas.dataset import DataSchema
from {{ cookiecutter.package_name }}.schemas.model import ServedVersion

_log = logging.getLogger(__name__)
_Result = TypeVar("_Result")

_KNOWN_SECONDS = 1.0
"""How long it counts as known whether the server can answer: anybody may ask the service."""

_LONGEST_CHECK = 2.0
_AGAIN_SECONDS = 0.5


class TritonServer:
    """A `ModelServer`. All versions that it had are asked through the same connections.

    So is what version it has, once an event loop runs: behind one address there may be several
    servers, which do not all change over at the same moment.
    """

    name = "triton"

    def __init__(self, settings: TritonSettings) -> None:
        self._url, self._model = settings.url, settings.model_name
        self._seconds = settings.timeout_seconds
        self._client: AsyncTritonClient | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._one_at_a_time = asyncio.Lock()
        self._checked = -_KNOWN_SECONDS
        self._trouble: TritonUnavailable | None = None

    def wait(self, seconds: float) -> None:
        """Until it can be asked, or so long: the two are often started together."""
        until, told = monotonic() + seconds, False
        while True:
            try:
                self.current()
            except TritonUnavailable as error:
                if monotonic() + _AGAIN_SECONDS > until:
                    return
                if not told:
                    _log.warning("waiting for Triton", extra={"reason": str(error)})
                told = True
                time.sleep(_AGAIN_SECONDS)
            else:
                return

    def current(self) -> ServedVersion:
        """The version that its configuration names now."""
        return self._described().served

    def load(self) -> tuple[Predictor, ServedVersion]:
        """That version, after it answered one row."""
        described = self._described()
        runtime = TritonRuntime(self._url, self._model, self._seconds, self._asking, described)
        predictor = Predictor(runtime, runtime.info)
        row = _unknown_row(predictor.info.data_schema)
        if self._loop is None:
            with closing(runtime):
                predictor.predict(row)
        else:
            self._done(self._loop, predictor.ask(row))
        return predictor, runtime.served

    def _described(self) -> Description:
        if self._loop is not None and self._client is not None:
            config = self._done(self._loop, self._client.config(self._model))
        else:
            with closing(triton_client.connect(self._url, self._seconds)) as client:
                config = client.config(self._model)
        return Description(self._url, self._model, config)

    def _done(self, loop: asyncio.AbstractEventLoop, work: Coroutine[Any, Any, _Result]) -> _Result:
        """What the loop made of it; the calling thread is another one than the loop's."""
        done = asyncio.run_coroutine_threadsafe(work, loop)
        try:
            return done.result(2 * self._seconds)
        except TimeoutError as error:
            done.cancel()
            raise late(self._url, 2 * self._seconds) from error

    def _asking(self) -> AsyncTritonClient:
        """The client of the event loop, which this is first called in."""
        if self._client is None:
            self._client = triton_async.connect(self._url, self._seconds)
            self._loop = asyncio.get_running_loop()
        return self._client

    async def check(self) -> None:
        """Ask it, unless it was asked within the last second; TritonUnavailable."""
        async with self._one_at_a_time:
            if monotonic() - self._checked >= _KNOWN_SECONDS:
                self._trouble = await self._look()
                self._checked = monotonic()
        if self._trouble is not None:
            raise self._trouble.with_traceback(None)

    async def _look(self) -> TritonUnavailable | None:
        seconds = min(self._seconds, _LONGEST_CHECK)
        try:
            async with asyncio.timeout(seconds):
                await self._asking().check(self._model)
        except TimeoutError:
            return late(self._url, seconds)
        except TritonUnavailable as error:
            return error
        return None

    async def close(self) -> None:
        """Close the connections; a server that is told to stop waits for that."""
        client, self._client, self._loop = self._client, None, None
        if client is not None:
            await client.close()


def _unknown_row(schema: DataSchema) -> Features:
    """One row of which nothing is known."""
    return Features(
        np.full((1, len(schema.numbers)), np.nan, dtype=np.float32),
        np.full((1, len(schema.categories)), "", dtype=object),
    )
