"""Clients that are slow with their bodies: they keep nobody out, and fill no memory."""

import asyncio
import json

from slow_model import ROW, ask, until

from {{ cookiecutter.package_name }}_api.answering.bodies import LARGE_BYTES

JSON = {"Content-Type": "application/json"}


class Late:
    """A request whose body comes to an end when it is told to."""

    def __init__(self, client, first=b'{"inputs": ') -> None:
        self._rest = asyncio.Event()

        async def parts():
            yield first
            await self._rest.wait()
            yield json.dumps([ROW]).encode() + b"}"

        asked = client.post("/v1/predict", content=parts(), headers=JSON)
        self._answer = asyncio.create_task(asked)

    async def end(self):
        """The answer."""
        self._rest.set()
        return await self._answer


def test_they_keep_nobody_out_while_little_has_come(run):
    async def scenario(client, service):
        late = [Late(client) for _ in range(3)]
        await until(lambda: service.metrics.requests.awaited == 3)
        page = (await client.get("/metrics")).text

        assert "http_bodies_awaited 3.0" in page
        assert "http_requests_in_progress 3.0" in page
        assert (await ask(client)).status_code == 200
        assert [(await one.end()).status_code for one in late] == [200] * 3
        assert service.metrics.requests.awaited == 0

    run(scenario, max_concurrent_requests=1)


def test_a_body_that_comes_when_there_is_no_room_is_asked_to_come_again(run, slow):
    async def scenario(client, service):
        late = Late(client)
        await until(lambda: service.metrics.requests.awaited == 1)
        large = ask(client, rows=2)
        await until(lambda: slow.threads)
        refused = await late.end()
        slow.go.set()

        assert (refused.status_code, refused.headers["retry-after"]) == (503, "1")
        assert refused.json()["detail"].startswith("Requests in progress: 1, as many as there may")
        assert (await large).status_code == 200
        assert (await ask(client)).status_code == 200

    run(scenario, max_concurrent_requests=1)


def test_a_long_body_needs_room_before_it_is_there_as_a_whole(run):
    async def scenario(client, service):
        requests = service.metrics.requests
        long = Late(client, b" " * LARGE_BYTES + b' {"inputs": ')
        await until(lambda: (requests.in_progress, requests.awaited) == (1, 0))

        assert (await ask(client)).status_code == 503
        assert (await long.end()).status_code == 200

    run(scenario, max_concurrent_requests=1)


def test_a_body_that_does_not_come_is_given_up(run):
    async def scenario(client, service):
        async def never():
            yield b'{"inputs": '
            await asyncio.sleep(60)

        late = asyncio.create_task(client.post("/v1/predict", content=never(), headers=JSON))
        assert (await ask(client)).status_code == 200
        answer = await late
        assert (answer.status_code, answer.headers["connection"]) == (408, "close")
        assert answer.json()["detail"] == "The body did not come within 0.05 s."
        assert service.metrics.requests.awaited == 0

    run(scenario, request_timeout_seconds=0.05)
