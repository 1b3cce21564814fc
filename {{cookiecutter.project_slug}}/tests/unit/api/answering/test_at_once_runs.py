"""Requests of several connections in one turn of the event loop, answered by one run."""

import asyncio
import json
import math
import time
from dataclasses import replace
from functools import partial

import pytest

from {{ cookiecutter.package_name }}.inference.predictor import Predictor
from {{ cookiecutter.package_name }}_api.answering.at_once import Whole
from {{ cookiecutter.package_name }}_api.app import create_app
from {{ cookiecutter.package_name }}_api.settings import Settings

PLAIN = json.dumps({"inputs": [[60, "Oslo", 1.5]]}).encode()


class Model:
    """Notes how many rows each run has; fails while `broken` or where a row is 13 years old."""

    def __init__(self, real) -> None:
        self._real = real
        self.runs: list[int] = []
        self.broken = False

    def run(self, outputs, feeds):
        self.runs.append(len(feeds["numeric"]))
        if self.broken or 13 in feeds["numeric"]:
            raise RuntimeError("no")
        return self._real.run(outputs, feeds)


@pytest.fixture
def model(fake_runtime):
    return Model(fake_runtime)


@pytest.fixture
def ready(served, model):
    """An application that was told of its model, and was not started."""
    app = create_app(Settings(), load=lambda _: served)
    predictor = Predictor(model, served.predictor.info)
    app.state.service.serve(replace(served, predictor=predictor, inline_rows=4))
    return app.state


def plain_scope() -> dict[str, object]:
    headers = [(b"host", b"localhost"), (b"content-type", b"application/json")]
    return {"type": "http", "path": "/predict", "method": "POST", "headers": headers}


def offered(at_once, *ages: int) -> list[tuple[int, str | None]]:
    """Offers a request with each of these ages, all in one turn; what was answered, in order."""
    answers: list[tuple[int, str | None]] = []

    def heard(age: int, whole: Whole | None) -> None:
        answer = json.loads(whole.body)["predictions"][0] if whole is not None else None
        answers.append((age, answer))

    async def turns():
        for age in ages:
            body = json.dumps({"inputs": [[age, "Oslo", 1.5]]}).encode()
            assert at_once.takes(plain_scope(), body, 0.0, partial(heard, age))
        await asyncio.sleep(0)
        await asyncio.sleep(0)

    asyncio.run(turns())
    return answers


def test_what_came_in_one_turn_is_one_run_and_each_gets_its_own_answer(ready, model):
    told = []
    ready.service.listeners.append(told.append)

    answers = offered(ready.at_once, 20, 70, 21)

    assert answers == [(20, "no"), (70, "yes"), (21, "no")]
    assert model.runs == [3]
    assert [one.rows for one in told[0].requests] == [1, 1, 1]


def test_who_comes_alone_is_soon_answered_without_a_wait_and_several_are_together_again(
    ready, model
):
    async def rounds(many: int, requests: int) -> list[int]:
        """How many of the requests of each turn are answered before it ends."""
        soon = []
        for _ in range(many):
            answers: list[Whole | None] = []
            for _ in range(requests):
                assert ready.at_once.takes(plain_scope(), PLAIN, 0.0, answers.append)
            soon.append(len(answers))
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            assert len(answers) == requests
        return soon

    alone = asyncio.run(rounds(30, 1))
    model.runs.clear()
    asyncio.run(rounds(40, 2))

    assert sum(alone) >= 20
    assert model.runs[-10:] == [2] * 10


def test_whoever_counts_may_fail_and_all_are_answered(ready, monkeypatch, caplog):
    words = "secret"

    def fails(*_):
        raise RuntimeError(words)

    monkeypatch.setattr(ready.at_once._observer, "end", fails)
    ready.service.listeners.append(fails)

    assert offered(ready.at_once, 20, 70) == [(20, "no"), (70, "yes")]
    assert caplog.messages == ["defect"] * 3
    assert "secret" not in caplog.text


def test_a_run_has_no_more_rows_than_others_can_wait_for(ready, model):
    answers = offered(ready.at_once, *range(20, 30))

    assert len(answers) == 10
    assert model.runs == [4, 4, 2]


def test_who_stands_behind_many_in_one_turn_is_refused_unless_he_has_just_come(served):
    at_once = create_app(Settings(max_wait_seconds=0.01), load=lambda _: served).state.at_once
    at_once._service.serve(served)
    answers = []

    async def turns() -> None:
        for seconds, free in [(0.0, 0.0), (0.02, 0.0), (0.0, math.inf)]:
            time.sleep(seconds)
            assert at_once.takes(plain_scope(), PLAIN, free, answers.append)
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert at_once.takes(plain_scope(), PLAIN, 0.0, answers.append)
        await asyncio.sleep(0)
        await asyncio.sleep(0)

    asyncio.run(turns())

    assert [answer.status for answer in answers] == [503, 200, 200, 200]
    assert b"retry-after: 1\r\n" in answers[0].headers


def test_who_came_while_all_wait_for_too_long_is_refused(ready):
    ready.service.waiting.seconds = 99.0

    answers = []
    assert ready.at_once.takes(plain_scope(), PLAIN, 0.0, answers.append)

    assert [answer.status for answer in answers] == [503]


def test_another_version_answers_none_that_came_before_it(ready, model):
    service, told = ready.service, []
    first = service.served
    service.listeners.append(told.append)

    async def turns():
        for model_ in (first, replace(first, origin="kept copy")):
            service.serve(model_)
            assert ready.at_once.takes(plain_scope(), PLAIN, 0.0, lambda _: None)
        await asyncio.sleep(0)
        await asyncio.sleep(0)

    asyncio.run(turns())

    assert [one.served.origin for one in told] == ["file", "kept copy"]
    assert model.runs == [1, 1]


def test_where_a_run_fails_the_application_sees_to_each_request(ready, model):
    assert offered(ready.at_once, 20, 13, 70) == [(20, None), (13, None), (70, None)]
    assert offered(ready.at_once, 20, 70) == [(20, "no"), (70, "yes")]


def test_an_answer_that_cannot_be_sent_keeps_no_other_from_its_own(ready, caplog):
    answers = []

    def broken(_) -> None:
        raise RuntimeError("the connection is broken")

    async def turns():
        for answer in (broken, answers.append):
            assert ready.at_once.takes(plain_scope(), PLAIN, 0.0, answer)
        await asyncio.sleep(0)
        await asyncio.sleep(0)

    asyncio.run(turns())

    assert len(answers) == 1
    assert caplog.messages == ["defect"]
