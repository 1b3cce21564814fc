"""More than the service can do: what waits, what is refused, and that the others are answered."""

import asyncio
import json
import time

from slow_model import ROW, ask, until

from {{ cookiecutter.package_name }}_api.answering import crew

JSON = {"Content-Type": "application/json"}


def test_a_large_batch_does_not_keep_a_small_one_waiting(run, slow):
    async def scenario(client, _):
        large = ask(client, rows=2)
        await until(lambda: slow.threads)
        small = await ask(client)
        assert (small.status_code, large.done()) == (200, False)
        slow.go.set()
        assert len((await large).json()["predictions"]) == 2

    run(scenario)

    assert slow.threads[0].startswith("batch")
    assert slow.threads[1] == "MainThread"


def test_a_long_body_is_read_in_a_thread_whatever_its_rows(run, slow):
    async def scenario(client, _):
        body = json.dumps({"inputs": [ROW]}) + " " * 70_000
        assert (await client.post("/v1/predict", content=body, headers=JSON)).status_code == 200
        refused = await client.post("/v1/predict", content="{" + body, headers=JSON)
        assert refused.status_code == 400

    run(scenario)

    assert slow.threads[0].startswith("batch")


def test_large_batches_beyond_the_queue_are_asked_to_come_again(run, slow, monkeypatch):
    monkeypatch.setattr(crew, "MOST_WAITING", 1)

    async def scenario(client, service):
        taken = [ask(client, rows=2) for _ in range(crew.THREADS + 1)]
        await until(lambda: service.crew._taken == crew.THREADS + 1)
        refused = await ask(client, rows=2)
        small = await ask(client)
        slow.go.set()
        assert [answer.status_code for answer in await asyncio.gather(*taken)] == [200] * 3
        assert (refused.status_code, refused.headers["retry-after"]) == (503, "1")
        assert small.status_code == 200
        assert (await ask(client, rows=2)).status_code == 200

    run(scenario)


def test_a_batch_that_takes_too_long_is_given_up_and_keeps_its_thread_until_it_ends(run, slow):
    async def scenario(client, service):
        late = await ask(client, rows=2)
        assert (late.status_code, late.headers["retry-after"]) == (503, "1")
        assert "within 0.05 s" in late.json()["detail"]
        assert service.crew._taken == 1
        slow.go.set()
        await until(lambda: service.crew._taken == 0)

    run(scenario, request_timeout_seconds=0.05)


def test_requests_beyond_the_limit_are_refused_and_the_health_is_still_told(run, slow):
    async def scenario(client, service):
        taken = [ask(client, rows=2), ask(client, rows=2)]
        await until(lambda: service.metrics.requests.in_progress == 2)
        refused = await ask(client)
        ready = await client.get("/health/ready")
        page = (await client.get("/metrics")).text
        slow.go.set()

        assert (refused.status_code, refused.headers["retry-after"]) == (503, "1")
        assert refused.headers["content-type"] == "application/problem+json"
        assert ready.status_code == 200
        assert "http_requests_in_progress 2.0" in page
        assert 'route="/v1/predict",status="503"} 1.0' in page
        assert [answer.status_code for answer in await asyncio.gather(*taken)] == [200, 200]
        assert (await ask(client)).status_code == 200

    run(scenario, max_concurrent_requests=2)


def test_where_requests_wait_too_long_others_are_refused_until_they_do_not(run):
    async def scenario(client, service):
        await answered(client)
        async with asyncio.timeout(60):
            while (refused := await ask(client)).status_code == 200:
                time.sleep(0.3)  # as a flood of requests, or a defect, would hold the loop
                while service.waiting.seconds < 0.1:
                    await asyncio.sleep(0)
        ready = await client.get("/health/ready")
        assert (refused.status_code, refused.headers["retry-after"]) == (503, "1")
        assert "longer than 0.1 s" in refused.json()["detail"]
        assert ready.status_code == 200
        await answered(client)

    async def answered(client):
        async with asyncio.timeout(60):
            while (await ask(client)).status_code != 200:
                await asyncio.sleep(0.01)

    run(scenario, max_wait_seconds=0.1)
