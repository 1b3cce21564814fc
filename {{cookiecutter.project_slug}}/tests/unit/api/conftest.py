"""A service over a fake model, asked in this process."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Self

import httpx
import pytest
from asked_registry import Registry
from client_in_loop import play
from slow_model import Slow

from {{ cookiecutter.package_name }}.inference.predictor import Predictor
from {{ cookiecutter.package_name }}.schemas.model import ServedVersion
from {{ cookiecutter.package_name }}_api.app import create_app
from {{ cookiecutter.package_name }}_api.models.loading import Served
from {{ cookiecutter.package_name }}_api.settings import Settings


@pytest.fixture(autouse=True)
def unhurried(monkeypatch) -> None:
    """No request is refused because others wait, but where a test asks for that.

    Between two requests of a `Client` the event loop stands still, and seems late.
    """
    monkeypatch.setenv("MAX_WAIT_SECONDS", "60")


@pytest.fixture(autouse=True)
def no_registry(monkeypatch) -> None:
    """No test finds the versions that were registered here, but where it says so itself."""
    monkeypatch.setenv("MODEL_POLL_SECONDS", "0")


class Client:
    """Asks an ASGI application, one request at a time."""

    def __init__(self, app) -> None:
        self.app = app
        self._runner = asyncio.Runner()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_) -> None:
        self._runner.close()

    @contextmanager
    def started(self) -> Iterator[Self]:
        """While this lasts the application is started, as a server would have started it."""
        lifespan = self.app.router.lifespan_context(self.app)
        self._runner.run(lifespan.__aenter__())
        yield self
        self._runner.run(lifespan.__aexit__(None, None, None))

    def request(self, method: str, path: str, **content) -> httpx.Response:
        async def ask() -> httpx.Response:
            transport = httpx.ASGITransport(self.app)
            async with httpx.AsyncClient(
                transport=transport, base_url="http://127.0.0.1"
            ) as client:
                return await client.request(method, path, **content)

        return self._runner.run(ask())

    def get(self, path: str, **content) -> httpx.Response:
        return self.request("GET", path, **content)

    def predict(self, inputs, **content) -> httpx.Response:
        return self.request("POST", "/v1/predict", json={"inputs": inputs}, **content)

    def post_bytes(self, body: bytes) -> httpx.Response:
        headers = {"Content-Type": "application/json"}
        return self.request("POST", "/v1/predict", content=body, headers=headers)


@pytest.fixture
def client_of() -> type[Client]:
    """Makes a client of an application."""
    return Client


@pytest.fixture
def settings() -> Settings:
    """Small limits, so that they are easy to pass."""
    return Settings(max_batch_rows=5, max_body_bytes=1000)


@pytest.fixture
def served(fake_predictor) -> Served:
    version = ServedVersion(
        name="{{ cookiecutter.package_name }}",
        version="7",
        alias="prod",
        run_id="r1",
    )
    return Served(fake_predictor, version, datetime(2030, 1, 2, tzinfo=UTC))


@pytest.fixture
def client(settings, served) -> Iterator[Client]:
    """A service with a model."""
    with Client(create_app(settings, load=lambda _: served)) as client, client.started():
        yield client


@pytest.fixture
def modelless(settings, served) -> Iterator[Client]:
    """A service before its model is loaded."""
    with Client(create_app(settings, load=lambda _: served)) as client:
        yield client


@pytest.fixture
def registry(tiny_model, project, monkeypatch) -> Registry:
    registry = Registry(tiny_model)
    monkeypatch.setattr(
        "{{ cookiecutter.package_name }}.integrations.model_store.fetch_in_child",
        registry.fetch,
    )
    return registry


@pytest.fixture
def slow() -> Slow:
    return Slow()


@pytest.fixture
def run(slow, served):
    """Runs `scenario(client, service)` on a service with these settings."""

    def run(scenario, **settings):
        predictor = Predictor(slow, served.predictor.info)
        model = replace(served, predictor=predictor, inline_rows=1)

        async def ended(client, service):
            try:
                await scenario(client, service)
            finally:
                slow.go.set()

        play(create_app(Settings(**settings), load=lambda _: model), ended)

    return run
