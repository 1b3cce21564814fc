"""Request bodies, read within limits of size and time and decoded from JSON."""

import asyncio
import json
import math

import orjson
from fastapi import HTTPException, Request
from starlette.requests import ClientDisconnect

JSON = "application/json"


async def read_body(request: Request, limit: int, seconds: float) -> bytes:
    """A body of JSON, not yet decoded.

    HTTPException 415 where it is of another type, 413 where it has more than `limit` bytes, 408
    where it has not come within `seconds`; ClientDisconnect.
    """
    kind = request.headers.get("content-type", "")
    if kind.partition(";")[0].strip().lower() != JSON:
        raise HTTPException(415, f"Expected a body of {JSON}, got {kind[:60] or 'no type'}.")
    try:
        async with asyncio.timeout(seconds):
            return await _read(request, limit)
    except TimeoutError:
        detail = f"The body did not come within {seconds:g} s."
        # What may still come of it must not be taken for another request.
        raise HTTPException(408, detail, headers={"Connection": "close"}) from None


async def _read(request: Request, limit: int) -> bytes:
    too_long = HTTPException(413, f"Expected a body of at most {limit} bytes; send fewer rows.")
    declared = request.headers.get("content-length", "0")
    if not declared.isdecimal() or len(declared) > len(str(limit)) or int(declared) > limit:
        raise too_long
    chunks, length, more = [], 0, True
    while more:
        message = await request.receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        chunk = message.get("body", b"")
        length += len(chunk)
        if length > limit:
            raise too_long
        chunks.append(chunk)
        more = message.get("more_body", False)
    return b"".join(chunks)


def decoded(body: bytes) -> object:
    """A body of JSON as Python's objects; HTTPException 400 where it is not JSON.

    NaN, Infinity and numbers such as 1e400 are not JSON, but what many clients send for them:
    they are decoded to non-finite floats, so that they can be refused by row and column.
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

    not_json = HTTPException(400, f"The body is not JSON: {reason}.")
    try:
        content: object = json.loads(body.decode(), parse_constant=number, parse_float=number)
    except (ValueError, RecursionError):
        raise not_json from None
    if not found:
        raise not_json
    return content
