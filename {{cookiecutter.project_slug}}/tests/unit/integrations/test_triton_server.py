import asyncio

import pytest
from triton_fake import FakeTriton, install
from triton_graphs import features, version

from {{ cookiecutter.package_name }}.integrations import triton_server
from {{ cookiecutter.package_name }}.integrations.triton_errors import (
    TritonAway,
    TritonUnavailable,
)
from {{ cookiecutter.package_name }}.integrations.triton_server import TritonServer
from {{ cookiecutter.package_name }}.integrations.triton_settings import read_settings


@pytest.fixture
def fake(monkeypatch, mixed_schema, describe_model) -> FakeTriton:
    return install(monkeypatch, describe_model(mixed_schema))


@pytest.fixture
def server(fake) -> TritonServer:
    return TritonServer(read_settings())


def test_the_version_is_the_one_that_its_configuration_names(server, fake):
    assert server.current() == version(3)

    fake.number = 4

    assert server.current() == version(4)
    assert fake.closed == 2


def test_a_version_answers_a_row_before_it_is_taken(server, fake):
    _, found = server.load()

    assert found == version(3)
    assert fake.batches == [("{{ cookiecutter.package_name }}", "3", 1)]
    fake.gone["3"] = TritonUnavailable("It is gone.")
    with pytest.raises(TritonUnavailable, match="It is gone"):
        server.load()


def test_versions_share_the_connections_of_the_loop(server, fake):
    first, _ = server.load()
    fake.number = 4
    second, _ = server.load()
    fake.closed = 0

    async def ask_both() -> None:
        for predictor in (first, second):
            assert len((await predictor.ask(features(2))).values) == 2
        await server.close()

    asyncio.run(ask_both())
    assert [number for _, number, rows in fake.batches if rows == 2] == ["3", "4"]
    assert fake.closed == 1


def test_it_is_asked_once_a_second_whether_it_can_answer(server, fake, monkeypatch):
    async def many() -> list[BaseException | None]:
        return await asyncio.gather(*(server.check() for _ in range(9)), return_exceptions=True)

    clock = [100.0]
    monkeypatch.setattr(triton_server, "monotonic", lambda: clock[0])
    assert asyncio.run(many()) == [None] * 9
    fake.failure = TritonAway("It is away.")
    assert asyncio.run(many()) == [None] * 9
    clock[0] += 1.5
    found = asyncio.run(many())
    assert {str(error) for error in found} == {"It is away."}
    fake.failure = None
    clock[0] += 1.5
    assert asyncio.run(many()) == [None] * 9
    assert fake.checks == 3


def test_a_server_that_says_nothing_is_not_waited_for_long(server, monkeypatch):
    class Silent:
        async def check(self, model):
            await asyncio.sleep(60)

    monkeypatch.setattr(triton_server, "_LONGEST_CHECK", 0.05)
    monkeypatch.setattr(server, "_asking", Silent)

    with pytest.raises(TritonUnavailable, match=r"no answer within 0\.05 s"):
        asyncio.run(server.check())


def test_a_start_waits_for_a_server_that_is_not_ready_yet(server, fake, monkeypatch):
    tries = []

    def later(seconds):
        tries.append(seconds)
        if len(tries) == 3:
            fake.failure = None

    monkeypatch.setattr(triton_server.time, "sleep", later)
    fake.failure = TritonAway("It is away.")

    server.wait(30)

    assert len(tries) == 3
    assert server.current() == version(3)


def test_a_start_does_not_wait_for_ever(server, fake):
    fake.failure = TritonAway("It is away.")

    server.wait(0)

    with pytest.raises(TritonAway):
        server.load()


def test_once_a_loop_asks_it_everything_goes_over_the_same_connection(server, fake):
    async def follow() -> None:
        await server.check()
        assert await asyncio.to_thread(server.current) == version(3)
        fake.number = 4
        predictor, found = await asyncio.to_thread(server.load)
        assert found == version(4)
        assert len((await predictor.ask(features(2))).values) == 2
        fake.failure = TritonAway("It is away.")
        with pytest.raises(TritonAway):
            await asyncio.to_thread(server.current)
        await server.close()

    asyncio.run(follow())
    assert fake.described == 3
    assert fake.closed == 1
    assert [number for _, number, _ in fake.batches] == ["4", "4"]
