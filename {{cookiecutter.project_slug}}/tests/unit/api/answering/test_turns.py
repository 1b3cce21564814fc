"""Requests that are ready in one turn of the loop are one run, and nobody waits for others."""

import asyncio
from dataclasses import replace

import numpy as np
import pytest

from {{ cookiecutter.package_name }}.inference.predictor import Predictor
from {{ cookiecutter.package_name }}_api.answering import turns
from {{ cookiecutter.package_name }}_api.answering.started import Started
from {{ cookiecutter.package_name }}_api.answering.turns import Turns


class Noted:
    """Says a share of the age as the last class's probability; keeps what it was asked for."""

    def __init__(self, share: float = 0.01) -> None:
        self.runs: list[list[float]] = []
        self._share = share

    def run(self, outputs, feeds):
        ages = feeds["numeric"][:, 0]
        self.runs.append(ages.tolist())
        if (ages == 13).any():
            raise RuntimeError("13")
        likely = ages * np.float32(self._share)
        return [np.stack([1 - likely, likely], axis=1)]


@pytest.fixture
def model() -> Noted:
    return Noted()


@pytest.fixture
def served(served, model):
    return replace(served, predictor=Predictor(model, served.predictor.info), inline_rows=4)


def rows(served, *ages):
    return served.predictor.rows.read([[age, "Oslo", 1.5] for age in ages], len(ages))


def ask(turn, served, *ages):
    return asyncio.ensure_future(turn.predict(served, rows(served, *ages)))


def likely(predictions):
    return np.round(100 * predictions.probabilities[:, 1]).tolist()


def test_requests_of_one_turn_are_one_run_and_each_gets_its_own_rows(served, model):
    async def scenario():
        turn = Turns()
        return await asyncio.gather(*(ask(turn, served, *ages) for ages in ([1], [2, 3], [4])))

    assert [likely(answer) for answer in asyncio.run(scenario())] == [[1], [2, 3], [4]]
    assert model.runs == [[1, 2, 3, 4]]


def test_no_run_has_more_rows_than_others_can_wait_for(served, model):
    async def scenario():
        turn = Turns()
        return await asyncio.gather(*(ask(turn, served, *ages) for ages in ([1, 2, 3], [4, 5])))

    assert [likely(answer) for answer in asyncio.run(scenario())] == [[1, 2, 3], [4, 5]]
    assert model.runs == [[1, 2, 3], [4, 5]]


def test_rows_of_two_versions_are_not_run_together(served, model):
    newer = Noted(share=0.02)
    other = replace(served, predictor=Predictor(newer, served.predictor.info))

    async def scenario():
        turn = Turns()
        return await asyncio.gather(ask(turn, served, 10), ask(turn, other, 10))

    assert [likely(answer) for answer in asyncio.run(scenario())] == [[10], [20]]
    assert (model.runs, newer.runs) == ([[10]], [[10]])


def test_who_comes_alone_again_and_again_does_not_wait_for_the_end_of_the_turn(served, model):
    waited = []

    async def scenario():
        turn = Turns()
        for _ in range(3 * turns._MOST_ALONE):
            answer = Started(turn.predict(served, rows(served, 10)))
            waited.append(not answer.done)
            assert likely(await answer) == [10]
        assert waited[:4] == [True, False, True, False]
        assert sum(waited) < 10
        several = await asyncio.gather(*(ask(turn, served, age) for age in range(10)))
        several += await asyncio.gather(*(ask(turn, served, age) for age in range(8)))
        assert [likely(answer) for answer in several] == [[age] for age in (*range(10), *range(8))]

    asyncio.run(scenario())

    assert max(map(len, model.runs)) == 4  # and several are run together again


def test_a_model_that_fails_for_one_request_answers_the_others(served, model):
    async def scenario():
        turn = Turns()
        asked = (ask(turn, served, age) for age in (10, 13, 20))
        return await asyncio.gather(*asked, return_exceptions=True)

    first, wrong, last = asyncio.run(scenario())

    assert (likely(first), likely(last)) == ([10], [20])
    assert isinstance(wrong, RuntimeError)
    assert model.runs == [[10, 13, 20], [10], [13], [20]]


def test_a_client_that_leaves_takes_only_its_own_rows_with_it(served, model):
    async def scenario():
        turn = Turns()
        leaves, stays = ask(turn, served, 10), ask(turn, served, 20)
        asyncio.get_running_loop().call_soon(leaves.cancel)
        await asyncio.sleep(0)
        assert likely(await stays) == [20]
        assert leaves.cancelled()

    asyncio.run(scenario())
