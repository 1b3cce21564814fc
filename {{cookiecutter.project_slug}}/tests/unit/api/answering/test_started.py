"""Work that is begun at once goes on, ends and fails as if it had been awaited."""

import asyncio

import pytest

from {{ cookiecutter.package_name }}_api.answering.started import Started


async def at_once(value):
    return value


async def later(event, seen):
    try:
        await event.wait()
        await asyncio.sleep(0)
    except asyncio.CancelledError:
        seen.append("cancelled")
        raise
    return "ended"


def run(scenario):
    return asyncio.run(scenario())


def test_what_need_not_wait_is_done_without_the_loop():
    started = Started(at_once(7))

    assert (started.done, started.result) == (True, 7)


def test_what_is_done_can_be_awaited_all_the_same():
    async def scenario():
        return await Started(at_once(7))

    assert run(scenario) == 7


def test_what_waits_goes_on_from_there():
    async def scenario():
        event = asyncio.Event()
        started = Started(later(event, []))
        assert not started.done
        asyncio.get_running_loop().call_soon(event.set)
        return await started

    assert run(scenario) == "ended"


def test_any_awaitable_can_be_started():
    async def scenario():
        future = asyncio.get_running_loop().create_future()
        started = Started(future)
        assert not started.done
        future.set_result("ended")
        return await started

    assert run(scenario) == "ended"


def test_what_it_raises_at_once_is_raised():
    async def fails():
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        Started(fails())


def test_what_it_raises_later_is_raised_where_it_is_awaited():
    async def scenario():
        future = asyncio.get_running_loop().create_future()
        started = Started(asyncio.wait_for(future, 0.001))
        await started

    with pytest.raises(TimeoutError):
        run(scenario)


def test_a_time_limit_ends_it_and_it_hears_of_that():
    seen = []

    async def scenario():
        started = Started(later(asyncio.Event(), seen))
        async with asyncio.timeout(0.001):
            await started

    with pytest.raises(TimeoutError):
        run(scenario)
    assert seen == ["cancelled"]
