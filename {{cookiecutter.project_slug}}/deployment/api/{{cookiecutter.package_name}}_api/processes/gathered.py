"""An answer's head and body, sent together.

The server writes one after the other, and each would be a call of the system and a packet of its
own: a quarter of what a small prediction costs.
"""

import asyncio
from typing import Any


class Gathered:
    """A transport that keeps a head until the body is written, or until the loop's next turn.

    All else is the transport's own.
    """

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        self._transport = transport
        self._loop = loop
        self._head = b""
        self.is_closing = transport.is_closing  # asked at each request

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

    def write(self, data: bytes) -> None:
        """Send these bytes, after the head that waits, or keep them where they are a head.

        Nothing goes to a client that has left, as with asyncio: uvloop would raise RuntimeError.
        """
        if self.is_closing():
            return
        if self._head:
            data, self._head = self._head + data, b""
        elif data.startswith(b"HTTP/1.1 ") and data.endswith(b"\r\n\r\n"):
            self._head = data
            # An answer may be long in coming after its head.
            self._loop.call_soon(self._send)
            return
        self._transport.write(data)

    def _send(self) -> None:
        head, self._head = self._head, b""
        if head and not self.is_closing():
            self._transport.write(head)

    def close(self) -> None:
        """Close when everything is sent."""
        self._send()
        self._transport.close()
