import asyncio

import pytest

from {{ cookiecutter.package_name }}_api.processes.gathered import Gathered

HEAD = b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\n"


class Pipe:
    """A transport that remembers what it was told."""

    def __init__(self) -> None:
        self.told: list[bytes | str] = []

    def write(self, data: bytes) -> None:
        self.told.append(data)

    def close(self) -> None:
        self.told.append("closed")

    def is_closing(self) -> bool:
        return "closed" in self.told

    def get_extra_info(self, name: str) -> str:
        return f"the {name}"


@pytest.fixture
def pipe():
    return Pipe()


def in_loop(pipe, *steps):
    async def run() -> None:
        gathered = Gathered(pipe, asyncio.get_running_loop())
        for step in steps:
            await step if asyncio.iscoroutine(step) else step(gathered)

    asyncio.run(run())
    return pipe.told


def test_a_head_and_its_body_are_sent_together(pipe):
    told = in_loop(pipe, lambda to: to.write(HEAD), lambda to: to.write(b"body"))

    assert told == [HEAD + b"body"]


def test_a_head_does_not_wait_for_a_body_that_is_late(pipe):
    told = in_loop(
        pipe, lambda to: to.write(HEAD), asyncio.sleep(0.01), lambda to: to.write(b"body")
    )

    assert told == [HEAD, b"body"]


def test_what_is_no_head_is_sent_at_once(pipe):
    told = in_loop(pipe, lambda to: to.write(b"4\r\nbody\r\n"), lambda to: to.write(b"0\r\n\r\n"))

    assert told == [b"4\r\nbody\r\n", b"0\r\n\r\n"]


def test_a_head_without_a_body_is_sent_before_the_end(pipe):
    assert in_loop(pipe, lambda to: to.write(HEAD), lambda to: to.close()) == [HEAD, "closed"]


def test_nothing_is_sent_to_who_has_left(pipe):
    told = in_loop(
        pipe,
        lambda to: to.write(HEAD),
        lambda _: pipe.close(),
        asyncio.sleep(0.01),
        lambda to: to.write(b"body"),
    )

    assert told == ["closed"]


def test_everything_else_is_the_transports(pipe):
    seen = []

    in_loop(pipe, lambda to: seen.append(to.get_extra_info("socket")))

    assert seen == ["the socket"]
