"""The measurement that refuses requests goes on, whatever happens to it."""

import asyncio

import pytest

from {{ cookiecutter.package_name }}_api.answering import waiting
from {{ cookiecutter.package_name }}_api.app import create_app


def test_a_measurement_that_cannot_be_shown_is_still_replaced(monkeypatch, caplog):
    monkeypatch.setattr(waiting, "_STEP_SECONDS", 0.001)
    shown = []

    def show(seconds: float) -> None:
        shown.append(seconds)
        raise OSError(28, "No space left on device")

    async def watched() -> None:
        watching = asyncio.create_task(waiting.Waiting(show).watch())
        async with asyncio.timeout(60):
            while len(shown) < 3 and not watching.done():
                await asyncio.sleep(0.001)
        watching.cancel()

    asyncio.run(watched())

    assert len(shown) >= 3
    assert [record.message for record in caplog.records] == ["defect"]


@pytest.mark.filterwarnings("default")
def test_a_stop_ends_all_although_something_failed_before(settings, served, monkeypatch):
    async def failing(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(waiting.Waiting, "watch", failing)
    app = create_app(settings, load=lambda _: served)
    ended = []
    monkeypatch.setattr(app.state.service.access, "stop", lambda: ended.append("access"))

    async def lived() -> None:
        async with app.router.lifespan_context(app):
            await asyncio.sleep(0.01)

    asyncio.run(lived())

    assert ended == ["access"]
