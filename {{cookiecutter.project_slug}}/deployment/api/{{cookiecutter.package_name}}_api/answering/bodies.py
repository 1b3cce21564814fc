"""Request bodies, read within limits of size and time, and decoded from JSON."""

import asyncio
import json
import math
from collections.abc import Mapping
from typing import NamedTuple

import orjson
from fastapi import HTTPException, Request
from starlette.requests import ClientDisconnect
from starlette.types import Message, Receive

from {{ cookiecutter.package_name }}_api.answering.room import Room
from {{ cookiecutter.package_name }}_api.answering.started import Started

LARGE_BYTES = 65_536
"""A longer body is decoded in a thread: decoding it would keep the others waiting."""

Headers = Mapping[bytes, bytes]
"""A request's headers by name in lower case."""


class Bounds(NamedTuple):
    """A body has at most so many bytes, and comes within so many seconds.

    While little of it has come, it takes no `room`: clients that are slow keep nobody out.
    """

    most: int
    seconds: float
    room: Room


async def read_bytes(request: Request, bounds: Bounds) -> bytes:
    """A request's body; see `received`."""
    return await received(dict(request.scope["headers"]), request.receive, bounds)


async def received(headers: Headers, receive: Receive, bounds: Bounds) -> bytes:
    """A body of any type, as it came.

    HTTPException 415 where it is compressed, 413 where it is too long, 408 where it does not come
    in time, 503 where there is no room when it has come; ClientDisconnect.
    """
    limit, seconds = bounds.most, bounds.seconds
    coding = headers.get(b"content-encoding")
    if coding is not None and coding.strip().lower() != b"identity":
        shown = coding[:60].decode("latin-1")
        raise HTTPException(415, f"Expected a body that is not compressed, got '{shown}'.")
    declared = headers.get(b"content-length", b"0")
    if not declared.isdigit() or len(declared) > len(str(limit)) or int(declared) > limit:
        raise _too_long(limit)
    first = Started(receive())
    if first.done and not first.result.get("more_body", False):  # nearly always: it is all there
        body = _part(first.result)
        if len(body) > limit:
            raise _too_long(limit)
        return body
    try:
        async with asyncio.timeout(seconds):
            return await _parts(first, receive, bounds)
    except TimeoutError:
        detail = f"The body did not come within {seconds:g} s."
        # What may still come of it must not be taken for another request.
        raise HTTPException(408, detail, headers={"Connection": "close"}) from None


async def _parts(first: Started[Message], receive: Receive, bounds: Bounds) -> bytes:
    body = _Body(bounds.most)
    with bounds.room.left():
        body.add(await first)
        # More than a connection holds anyway is memory, of which there is not enough for all.
        while not body.whole and body.length <= LARGE_BYTES:
            body.add(await receive())
    bounds.room.check()
    while not body.whole:
        body.add(await receive())
    return b"".join(body.parts)


class _Body:
    """What came of a body so far."""

    def __init__(self, limit: int) -> None:
        self.parts: list[bytes] = []
        self.length, self.whole = 0, False
        self._limit = limit

    def add(self, message: Message) -> None:
        """Take another part; HTTPException 413 where it is one too many, ClientDisconnect."""
        self.parts.append(_part(message))
        self.length += len(self.parts[-1])
        if self.length > self._limit:
            raise _too_long(self._limit)
        self.whole = not message.get("more_body", False)


def _part(message: Message) -> bytes:
    if message["type"] == "http.disconnect":
        raise ClientDisconnect
    part: bytes = message.get("body", b"")
    return part


def _too_long(limit: int) -> HTTPException:
    return HTTPException(413, f"Expected a body of at most {limit} bytes; send fewer rows.")


_MOST_DIGITS = 300
"""A whole number of more is no float, or nearly none."""


def decoded(body: bytes) -> object:
    """A body of JSON as Python's objects; HTTPException 400 where it is not JSON.

    NaN, Infinity and numbers such as 1e400 are not JSON, but what many clients send for them:
    they are decoded to non-finite floats, so that they can be refused by row and column. Of two
    equal keys of one object the last one counts.
    """
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError as error:
        return _with_non_finite(body, str(error))


def _with_non_finite(body: bytes, reason: str) -> object:
    found = False

    def number(text: str) -> float:
        nonlocal found
        value = float(text)
        found = found or not math.isfinite(value)
        return value

    def whole(text: str) -> float:
        return int(text) if len(text) <= _MOST_DIGITS else number(text)

    not_json = HTTPException(400, f"The body is not JSON: {reason}.")
    try:
        content: object = json.loads(
            body.decode(), parse_constant=number, parse_float=number, parse_int=whole
        )
    except (ValueError, RecursionError):
        raise not_json from None
    if not found:
        raise not_json
    return content
