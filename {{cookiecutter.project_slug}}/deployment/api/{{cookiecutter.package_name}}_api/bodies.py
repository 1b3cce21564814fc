"""Request bodies, read within a limit and decoded from JSON."""

import json
import math

import orjson
from fastapi import HTTPException, Request

JSON = "application/json"


async def read_json(request: Request, limit: int) -> object:
    """The decoded body; HTTPException 413, 415 or 400 where it is too long, or not JSON.

    NaN, Infinity and numbers such as 1e400 are not JSON, but what many clients send for them:
    they are decoded to non-finite floats, so that they can be refused by row and column.
    """
    kind = request.headers.get("content-type", "")
    if kind.partition(";")[0].strip().lower() != JSON:
        raise HTTPException(415, f"Expected a body of {JSON}, got {kind[:60] or 'no type'}.")
    body = await _read(request, limit)
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError as error:
        return _with_non_finite(body, str(error))


async def _read(request: Request, limit: int) -> bytes:
    too_long = HTTPException(413, f"Expected a body of at most {limit} bytes; send fewer rows.")
    declared = request.headers.get("content-length", "0")
    if not declared.isdecimal() or len(declared) > len(str(limit)) or int(declared) > limit:
        raise too_long
    chunks, length = [], 0
    async for chunk in request.stream():
        length += len(chunk)
        if length > limit:
            raise too_long
        chunks.append(chunk)
    return b"".join(chunks)


def _with_non_finite(body: bytes, reason: str) -> object:
    found = False

    def number(text: str) -> float:
        nonlocal found
        value = float(text)
        found = found or not math.isfinite(value)
        return value

    not_json = HTTPException(400, f"The body is not JSON: {reason}.")
    try:
        decoded: object = json.loads(body.decode(), parse_constant=number, parse_float=number)
    except (ValueError, RecursionError):
        raise not_json from None
    if not found:
        raise not_json
    return decoded
