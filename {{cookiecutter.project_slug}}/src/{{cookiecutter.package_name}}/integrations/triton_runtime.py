"""A model that runs in a Triton server, behind the same seam as one in this process."""

import asyncio
import threading
from collections.abc import Callable
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from {{ cookiecutter.package_name }}.inference.runtime import Arrays
from {{ cookiecutter.package_name }}.integrations import triton_async
from {{ cookiecutter.package_name }}.integrations.triton_async import AsyncTritonClient
from {{ cookiecutter.package_name }}.integrations.triton_client import TritonClient, connect
from {{ cookiecutter.package_name }}.integrations.triton_description import Description
from {{ cookiecutter.package_name }}.integrations.triton_wire import Address
from {{ cookiecutter.package_name }}.schemas.model import ModelInfo, ServedVersion


class TritonRuntime:
    """The version that a Triton server serves when this is first used, and no other.

    A later version may have other columns or classes than the description says: when the server
    changes over, `run` and `ask` raise TritonNotReady, and a new runtime finds the new version.
    `seconds` is the deadline of each answer. Threads may share one runtime. `asking` gives the
    client for `ask`, where several runtimes share one; `described` is what it said of the model.
    """

    def __init__(
        self,
        url: str,
        model: str,
        seconds: float = 5.0,
        asking: Callable[[], AsyncTritonClient] | None = None,
        described: Description | None = None,
    ) -> None:
        self._url, self._model, self._seconds = url, model, seconds
        self._asking, self._given = asking, described
        self._async: AsyncTritonClient | None = None
        self._local = threading.local()
        Address.of(url)  # one that cannot be is told now

    def _client(self) -> TritonClient:
        """The calling thread's own client: those over HTTP must not be shared."""
        if not hasattr(self._local, "client"):
            self._local.client = connect(self._url, self._seconds)
        client: TritonClient = self._local.client
        return client

    def _async_client(self) -> AsyncTritonClient:
        if self._asking is not None:
            return self._asking()
        if self._async is None:
            self._async = triton_async.connect(self._url, self._seconds)
        return self._async

    def close(self) -> None:
        """Close the calling thread's connections; another call opens them again."""
        if hasattr(self._local, "client"):
            self._local.client.close()
            del self._local.client

    async def aclose(self) -> None:
        """Close the connections of `ask`, where they are this runtime's own."""
        if self._async is not None:
            await self._async.close()
            self._async = None

    @cached_property
    def _described(self) -> Description:
        return self._given or Description(
            self._url, self._model, self._client().config(self._model)
        )

    @property
    def info(self) -> ModelInfo:
        """The description of the version that is served."""
        return self._described.info

    @property
    def served(self) -> ServedVersion:
        """The registered version that is served."""
        return self._described.served

    def run(self, outputs: list[str], feeds: Arrays) -> list[NDArray[np.generic]]:
        """Compute the named outputs for N rows; more than fit into a batch go in several.

        Raises TritonUnavailable where the server is away, late or has not the version ready, and
        ArtifactMismatch where it refuses the arrays.
        """
        client, version = self._client(), self.served.version
        names = self._described.names(outputs)
        answers = [
            client.infer(self._model, version, names, batch)
            for batch in self._described.batches(feeds)
        ]
        return self._described.together(outputs, answers)

    async def ask(self, outputs: list[str], feeds: Arrays) -> list[NDArray[np.generic]]:
        """`run`, awaited: several batches are under way at the same time."""
        client, version = self._async_client(), self.served.version
        names = self._described.names(outputs)
        answers = await asyncio.gather(
            *(
                client.infer(self._model, version, names, batch)
                for batch in self._described.batches(feeds)
            )
        )
        return self._described.together(outputs, answers)
