import asyncio
import socket
import time
from collections.abc import Iterator

import numpy as np
import pytest
from triton_dropping import dropping
from triton_graphs import feeds

from {{ cookiecutter.package_name }}.integrations import triton_wire
from {{ cookiecutter.package_name }}.integrations.triton_async import connect
from {{ cookiecutter.package_name }}.integrations.triton_errors import (
    TritonAway,
    TritonUnavailable,
)

PROTOCOLS = pytest.mark.parametrize("protocol", ["grpc", "http"])
ROW = {"numeric": np.array([[2]], dtype=np.float32)}


@pytest.fixture(autouse=True)
def _hasty(monkeypatch) -> None:
    monkeypatch.setattr(triton_wire, "_FIRST_PAUSE", 0.01)


@pytest.fixture
def silent() -> Iterator[int]:
    """The port of somebody who takes connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening.getsockname()[1]


@pytest.fixture
def nobody() -> int:
    """A port on which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return listening.getsockname()[1]


def asked(url, seconds, *question):
    async def ask():
        client = connect(url, seconds)
        try:
            return await client.infer(*question)
        finally:
            await client.close()

    return asyncio.run(ask())


def checked(url, seconds):
    async def check():
        client = connect(url, seconds)
        try:
            await client.check("customers")
        finally:
            await client.close()

    asyncio.run(check())


@PROTOCOLS
def test_a_server_that_says_nothing_is_waited_for_until_the_deadline(silent, protocol):
    began = time.monotonic()

    with pytest.raises(TritonUnavailable, match=r"gave no answer within 0\.3 s\.$"):
        asked(f"{protocol}://127.0.0.1:{silent}", 0.3, "customers", "3", ["label"], feeds(1))

    assert 0.2 < time.monotonic() - began < 30


@PROTOCOLS
def test_a_server_that_is_away_is_a_sentence(nobody, protocol):
    with pytest.raises(TritonAway, match=r"no Triton server at .*: start it\.$"):
        asked(f"{protocol}://127.0.0.1:{nobody}", 5.0, "customers", "3", ["label"], feeds(1))


def test_a_check_says_that_the_server_is_away(nobody):
    with pytest.raises(TritonAway, match="no Triton server"):
        checked(f"http://127.0.0.1:{nobody}", 5.0)


def test_the_event_loop_goes_on_while_a_server_is_silent(silent):
    async def still_waits_after_some_turns() -> bool:
        client = connect(f"grpc://127.0.0.1:{silent}", 60.0)
        waiting = asyncio.create_task(client.infer("customers", "3", ["label"], feeds(1)))
        for _ in range(10):
            await asyncio.sleep(0.01)
        waits = not waiting.done()
        waiting.cancel()
        await client.close()
        return waits

    assert asyncio.run(still_waits_after_some_turns())


def test_a_broken_connection_is_tried_again():
    with dropping(2) as (url, read):
        (values,) = asked(url, 5.0, "houses", "1", ["value"], ROW)

    assert values.tolist() == [[20]]
    assert len(read) == 3


def test_a_connection_that_always_breaks_is_told_after_three_tries():
    with dropping(9) as (url, read), pytest.raises(TritonAway, match="no Triton server"):
        asked(url, 5.0, "houses", "1", ["value"], ROW)

    assert len(read) == 3
