"""uvicorn, which says when it answers, when it begins to stop, and when it has."""

import asyncio
import gc
import logging
import socket
import time
from collections.abc import Callable

import uvicorn

from {{ cookiecutter.package_name }}_api.processes.connections import Connection
from {{ cookiecutter.package_name }}_api.processes.worker import DRAIN_SECONDS

_log = logging.getLogger(__name__)

_LEAVE_SECONDS = 0.25
"""How long a client that asks again and again has to be told that it should ask elsewhere."""


class Server(uvicorn.Server):
    """A server that calls `started` once it takes requests, and logs how it ends.

    Without `started` it is one of several processes, and the one that started them tells.
    """

    def __init__(self, config: uvicorn.Config, started: Callable[[], None] | None = None) -> None:
        super().__init__(config)
        self._tell = started

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Take requests."""
        await super().startup(sockets)
        # What is loaded stays: to look through it for garbage would stop all requests for tens of
        # milliseconds.
        gc.freeze()
        if self._tell is not None and not self.should_exit:
            self._tell()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Take no more requests, and let those in progress end."""
        if self._tell is not None:
            left = {"requests": len(self.server_state.tasks), "seconds": DRAIN_SECONDS}
            _log.info("stopping", extra=left)
        await self._leave(sockets or [])
        await super().shutdown(sockets)
        if self._tell is not None:
            _log.info("stopped", extra={"answered": self.server_state.total_requests})

    async def _leave(self, sockets: list[socket.socket]) -> None:
        """Let clients end their connections, each after an answer that says so.

        A request that is on its way while its connection is closed is lost, and who sent it cannot
        know whether anything was done for it.
        """
        for server in self.servers:
            server.close()
        for listener in sockets:  # who comes now is to be refused, and not to wait in vain
            listener.close()
        known, end = self.server_state.connections, time.monotonic() + _LEAVE_SECONDS
        while time.monotonic() < end:
            for connection in list(known):
                if isinstance(connection, Connection):
                    connection.leave()
            await asyncio.sleep(0.01)
            if not known:
                return
