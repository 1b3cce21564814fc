"""Another version takes over between two requests, or does not and is told."""

import asyncio
import json
import logging
import threading
import time
from dataclasses import replace

import httpx
import pytest
from model_shelf import Shelf

from {{ cookiecutter.package_name }}.schemas.errors import (
    ArtifactMismatch,
    TrackingUnavailable,
)
from {{ cookiecutter.package_name }}_api.app import create_app
from {{ cookiecutter.package_name }}_api.models.loading import BEING_ASKED
from {{ cookiecutter.package_name }}_api.settings import Settings

ROW = [60, "Oslo", 1.5]


@pytest.fixture
def shelf(served) -> Shelf:
    return Shelf(served)


@pytest.fixture
def app(shelf):
    settings = Settings(model_poll_seconds=0.01)
    return create_app(settings, load=lambda _: shelf.version(1), newer=shelf.newer)


def run(app, scenario):
    """Run `scenario(client)` while the application runs."""

    async def main():
        transport = httpx.ASGITransport(app)
        async with (
            app.router.lifespan_context(app),
            httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client,
        ):
            await scenario(client)

    asyncio.run(main())


async def predicted(client, body=None) -> tuple[str, float]:
    """The version that an answer names, and the version that its numbers are of."""
    content = body or json.dumps({"inputs": [ROW]})
    headers = {"Content-Type": "application/json"}
    answer = await client.post("/v1/predict", content=content, headers=headers)
    assert answer.status_code == 200, answer.text
    whole = answer.json()
    return whole["model"]["version"], whole["probabilities"][0][1] * 128


async def until(condition) -> None:
    async with asyncio.timeout(60):
        while not condition():
            await asyncio.sleep(0.002)


def test_versions_change_under_load_without_a_failed_or_a_mixed_answer(app, shelf):
    answers: list[tuple[str, float]] = []

    async def ask(client, stop):
        while not stop.is_set():
            answers.append(await predicted(client))
            await asyncio.sleep(0)

    async def scenario(client):
        stop = asyncio.Event()
        asking = [asyncio.create_task(ask(client, stop)) for _ in range(8)]
        for number in (2, 3, 1, 4):  # a rollback is a change like any other
            shelf.named = number
            await until(lambda n=number: answers and answers[-1][0] == str(n))
        stop.set()
        await asyncio.gather(*asking)

    run(app, scenario)

    assert {version for version, _ in answers} == {"1", "2", "3", "4"}
    assert [one for one in answers if float(one[0]) != one[1]] == []


def test_a_request_that_began_before_the_change_ends_with_its_model(app, shelf):
    async def scenario(client):
        rest = asyncio.Event()

        async def slowly():
            yield b'{"inputs": '
            await rest.wait()
            yield json.dumps([ROW]).encode() + b"}"

        early = asyncio.create_task(predicted(client, slowly()))
        await asyncio.sleep(0.01)
        shelf.named = 2
        await until(lambda: app.state.service.served.version.version == "2")
        late = await predicted(client)
        rest.set()

        assert late == ("2", 2)
        assert await early == ("1", 1)

    run(app, scenario)


@pytest.mark.parametrize(
    "error",
    [
        TrackingUnavailable("The server is away."),
        ArtifactMismatch("The file is damaged."),
        ZeroDivisionError("a defect"),
    ],
)
def test_what_cannot_be_loaded_is_told_and_the_present_version_answers(app, shelf, error, caplog):
    caplog.set_level(logging.INFO)

    async def scenario(client):
        shelf.named = error
        await until(lambda: app.state.service.trouble)
        version, _ = await predicted(client)
        ready = await client.get("/health/ready")
        described = (await client.get("/v1/model")).json()
        page = (await client.get("/metrics")).text
        reason = app.state.service.trouble.reason

        assert version == "1"
        assert ready.status_code == 200
        assert ready.json()["checks"]["model"] == "ok"
        assert reason in ready.json()["checks"]["registry"]
        assert described["trouble"] == reason
        assert "model_update_trouble 1.0" in page
        assert 'model_updates_total{result="failed"} 0.0' not in page

        shelf.named = 2
        await until(lambda: app.state.service.served.version.version == "2")
        ready = await client.get("/health/ready")
        assert ready.json()["checks"] == {"model": "ok", "registry": "ok"}
        assert "model_update_trouble 0.0" in (await client.get("/metrics")).text

    run(app, scenario)

    told = [record for record in caplog.records if record.getMessage() == "no update"]
    assert len(told) == 1  # however often it was tried


def test_after_a_failure_the_registry_itself_is_asked_ever_more_rarely(app, shelf):
    async def scenario(client):
        shelf.named = TrackingUnavailable("The server is away.")
        await until(lambda: shelf.asked.count(True) >= 3)
        follower = app.state.service.follower
        trouble = app.state.service.trouble

        assert follower._pause(replace(trouble, tries=4)) == pytest.approx(0.08)
        assert follower._pause(replace(trouble, tries=99)) == pytest.approx(10.24)

    run(app, scenario)


def test_a_copy_that_was_kept_counts_as_the_registrys_once_that_confirms_it(shelf):
    kept = replace(shelf.version(1), origin="kept copy", trouble="The server is away.")
    app = create_app(Settings(model_poll_seconds=0.01), lambda _: kept, shelf.newer)

    async def scenario(client):
        before = (await client.get("/v1/model")).json()
        await until(lambda: app.state.service.trouble is None)
        after = (await client.get("/v1/model")).json()

        assert (before["origin"], before["trouble"]) == ("kept copy", "The server is away.")
        assert (after["origin"], after["trouble"]) == ("registry", None)

    run(app, scenario)


@pytest.mark.parametrize("named", [1, 2])
def test_a_start_with_the_kept_copy_asks_at_once_however_long_the_interval_is(shelf, named):
    kept = replace(shelf.version(1), origin="kept copy", trouble=BEING_ASKED)
    app = create_app(Settings(model_poll_seconds=600), lambda _: kept, shelf.newer)
    shelf.named = named

    async def scenario(client):
        before = (await client.get("/health/ready")).json()
        await until(lambda: app.state.service.trouble is None)
        answered, _ = await predicted(client)

        assert before["checks"]["registry"] == "the registry is being asked"
        assert (answered, shelf.asked) == (str(named), [True])

    run(app, scenario)


@pytest.mark.parametrize("fixed", [{"mlflow_model_version": "1"}, {"model_path": "model.onnx"}])
def test_a_file_and_a_fixed_version_stay_what_they_are(shelf, fixed):
    settings = Settings(model_poll_seconds=0.01, **fixed)
    app = create_app(settings, lambda _: shelf.version(1), shelf.newer)

    async def scenario(client):
        shelf.named = 2
        await asyncio.sleep(0.05)
        assert (await client.get("/health/ready")).json()["checks"] == {"model": "ok"}

    run(app, scenario)

    assert shelf.asked == []


def test_a_stop_does_not_wait_for_a_registry_that_never_answers(served):
    asked, never = threading.Event(), threading.Event()

    def newer(*_, **__):
        asked.set()
        never.wait(120)

    app = create_app(Settings(model_poll_seconds=0.01), lambda _: served, newer)

    async def scenario(client):
        await until(asked.is_set)

    started = time.monotonic()
    run(app, scenario)

    assert time.monotonic() - started < 60
    never.set()
