"""Requests that are run together, and that one does not spoil the others."""

import asyncio
from dataclasses import replace

import numpy as np
import pytest
from client_in_loop import play

from {{ cookiecutter.package_name }}.inference.predictor import Predictor
from {{ cookiecutter.package_name }}_api.answering import crew
from {{ cookiecutter.package_name }}_api.app import create_app
from {{ cookiecutter.package_name }}_api.settings import Settings


def row(age):
    return [age, "Oslo", 1.5]


class Noted:
    """Says the age as the probability of the last class; keeps how many rows it was asked for."""

    def __init__(self, share: float = 0.01) -> None:
        self.runs: list[int] = []
        self._share = share

    def run(self, outputs, feeds):
        ages = feeds["numeric"][:, 0]
        self.runs.append(len(ages))
        if (ages == 13).any():
            raise RuntimeError("13")
        likely = ages * np.float32(self._share)
        return [np.stack([1 - likely, likely], axis=1)]


@pytest.fixture
def model() -> Noted:
    return Noted()


@pytest.fixture
def run(model, served):
    """Runs `scenario(client, service)` on a service that batches as these settings say."""

    def run(scenario, **settings):
        given = {"micro_batch_milliseconds": 50, "micro_batch_rows": 4} | settings
        first = replace(served, predictor=Predictor(model, served.predictor.info))
        play(create_app(Settings(**given), load=lambda _: first), scenario)

    return run


async def ask(client, *ages):
    return await client.post("/v1/predict", json={"inputs": [row(age) for age in ages]})


def likely(answer):
    return [round(100 * probabilities[1]) for probabilities in answer.json()["probabilities"]]


def test_requests_that_come_together_are_one_run_and_each_gets_its_own_rows(run, model):
    heard = []

    async def scenario(client, service):
        service.listeners.append(heard.append)
        answers = await asyncio.gather(ask(client, 10), ask(client, 20, 30), ask(client, 40))
        assert [likely(answer) for answer in answers] == [[10], [20, 30], [40]]
        ids = [answer.json()["request_id"] for answer in answers]
        assert sorted(ids) == sorted(one.requests[0].request_id for one in heard)
        assert [one.features.numeric[:, 0].tolist() for one in heard] == [[10], [20, 30], [40]]
        assert [len(one.predictions.values) for one in heard] == [1, 2, 1]

    run(scenario, micro_batch_milliseconds=1000)  # a full batch does not wait for the time

    assert model.runs == [4]


def test_a_request_that_comes_alone_is_answered_when_its_time_is_over(run, model):
    async def scenario(client, _):
        assert likely(await ask(client, 10)) == [10]
        assert likely(await ask(client, 20)) == [20]

    run(scenario, micro_batch_milliseconds=1)

    assert model.runs == [1, 1]


def test_what_does_not_fit_begins_the_next_batch_and_a_large_request_is_run_alone(run, model):
    async def scenario(client, _):
        answers = await asyncio.gather(
            ask(client, 1, 2, 3), ask(client, 4, 5), ask(client, 6, 7, 8, 9)
        )
        assert [likely(answer) for answer in answers] == [[1, 2, 3], [4, 5], [6, 7, 8, 9]]

    run(scenario)

    assert sorted(model.runs) == [2, 3, 4]


def test_a_model_that_fails_for_one_request_answers_the_others(run, model):
    async def scenario(client, service):
        answers = await asyncio.gather(ask(client, 10), ask(client, 13), ask(client, 20))
        assert [answer.status_code for answer in answers] == [200, 500, 200]
        assert likely(answers[2]) == [20]

    run(scenario)

    assert model.runs == [3, 1, 1, 1]


def test_a_refused_request_never_joins_a_batch(run, model):
    async def scenario(client, _):
        answers = await asyncio.gather(ask(client, 10), ask(client, "old"))
        assert [answer.status_code for answer in answers] == [200, 422]

    run(scenario)

    assert model.runs == [1]


def test_rows_of_two_versions_are_not_run_together(run, model, served):
    newer = Noted(share=0.02)

    async def scenario(client, service):
        first = asyncio.create_task(ask(client, 10))
        while service.batching._open is None:
            await asyncio.sleep(0)
        version = served.version.model_copy(update={"version": "8"})
        predictor = Predictor(newer, served.predictor.info)
        service.serve(replace(served, predictor=predictor, version=version))
        second = await ask(client, 20)
        assert (likely(second), second.json()["model"]["version"]) == ([40], "8")
        assert (likely(await first), (await first).json()["model"]["version"]) == ([10], "7")

    run(scenario)

    assert (model.runs, newer.runs) == ([1], [1])


def test_batches_beyond_the_queue_are_asked_to_come_again(run, monkeypatch):
    monkeypatch.setattr(crew, "THREADS", 0)
    monkeypatch.setattr(crew, "MOST_WAITING", 0)

    async def scenario(client, _):
        answers = await asyncio.gather(ask(client, 10), ask(client, 20))
        assert [answer.status_code for answer in answers] == [503, 503]
        assert answers[0].headers["retry-after"] == "1"

    monkeypatch.setattr(crew.Crew, "__init__", lambda self: setattr(self, "_taken", 0))
    monkeypatch.setattr(crew.Crew, "close", lambda self: None)
    run(scenario)


def test_a_client_that_leaves_takes_only_its_own_rows_with_it(run, model):
    async def scenario(client, service):
        features = service.served.predictor.rows.read([row(10)], 1)
        batching = service.batching
        leaves = asyncio.create_task(batching.predict(service.served, features))
        stays = asyncio.create_task(batching.predict(service.served, features))
        await asyncio.sleep(0)
        leaves.cancel()
        assert (await stays).values.tolist() == ["no"]
        assert leaves.cancelled()

    run(scenario)

    assert model.runs == [1]
