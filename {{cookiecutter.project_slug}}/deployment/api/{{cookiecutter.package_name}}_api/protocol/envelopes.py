"""The parts of a request as the protocol names them, each refused with a sentence of its own."""

from typing import Any

from fastapi import HTTPException

from {{ cookiecutter.package_name }}.inference.refusals import shown

Json = dict[str, Any]

_MOST_SHOWN = 60


def bad(sentence: str) -> HTTPException:
    """A request that cannot be used, with the reason."""
    return HTTPException(400, sentence)


def split(body: bytes, header: str | None) -> tuple[bytes, memoryview]:
    """The JSON of a body, and the bytes after it.

    `header` is what `Inference-Header-Content-Length` says of the JSON's length: all, without it.
    """
    if header is None:
        return body, memoryview(b"")
    digits = header.isascii() and header.isdecimal() and len(header) <= len(str(len(body)))
    length = int(header) if digits else -1
    if not 0 <= length <= len(body):
        raise bad(
            f"Expected 0 to {len(body)}, the length of the body, as "
            f"Inference-Header-Content-Length, got '{header[:_MOST_SHOWN]}'."
        )
    return body[:length], memoryview(body)[length:]


def text_of(content: Json, key: str) -> str | None:
    """A text that may be left out."""
    found = content.get(key)
    if found is not None and not isinstance(found, str):
        raise bad(f"Expected a text as '{key}', got {shown(found)}.")
    return found


def parameters_of(content: Json, whose: str) -> Json:
    """Its parameters. Those that mean nothing here are left alone, as servers do."""
    found = content.get("parameters")
    if found is None:
        return {}
    if not isinstance(found, dict):
        raise bad(f"Expected an object as 'parameters' of {whose}, got {shown(found)}.")
    if "shared_memory_region" in found:
        raise bad(f"'shared_memory_region' of {whose}: this server shares no memory with clients.")
    return found


def flag_of(parameters: Json, name: str, whose: str, *, otherwise: bool = False) -> bool:
    """A parameter that is true or false."""
    found = parameters.get(name, otherwise)
    if not isinstance(found, bool):
        raise bad(f"Expected true or false as '{name}' of {whose}, got {shown(found)}.")
    return found


def by_name(content: Json, key: str, known: list[str]) -> dict[str, Json]:
    """The objects of an array by their names, each known, and none twice."""
    found = content.get(key)
    if not isinstance(found, list):
        raise bad(f"Expected an array as '{key}', got {shown(found)}.")
    named: dict[str, Json] = {}
    for one in found:
        if not isinstance(one, dict):
            raise bad(f"Expected an object in '{key}', got {shown(one)}.")
        name = one.get("name")
        if not isinstance(name, str) or name not in known:
            raise bad(f"Expected {listed(known)} in '{key}', got {shown(name)}.")
        if name in named:
            raise bad(f"'{name}' stands twice in '{key}'.")
        named[name] = one
    return named


def listed(names: list[str]) -> str:
    """Names in a sentence."""
    return " and ".join(f"'{name}'" for name in names)
