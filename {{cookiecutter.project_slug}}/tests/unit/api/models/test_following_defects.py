"""A follower goes on looking, whatever went wrong in the look before."""

import asyncio

import pytest
from model_shelf import Shelf

from {{ cookiecutter.package_name }}.schemas.errors import TrackingUnavailable
from {{ cookiecutter.package_name }}_api.models.following import Follower
from {{ cookiecutter.package_name }}_api.service import Service
from {{ cookiecutter.package_name }}_api.settings import Settings


@pytest.fixture
def shelf(served) -> Shelf:
    return Shelf(served)


@pytest.fixture
def service(shelf) -> Service:
    service = Service(Settings(model_poll_seconds=0.01))
    service.serve(shelf.version(1))
    return service


def fail_once(monkeypatch, owner, name) -> None:
    works = getattr(owner, name)

    def fails(*_):
        monkeypatch.setattr(owner, name, works)
        raise ZeroDivisionError("a defect")

    monkeypatch.setattr(owner, name, fails)


def follow(service, shelf, condition) -> None:
    async def main():
        following = asyncio.create_task(Follower(service, shelf.newer).run())
        async with asyncio.timeout(60):
            while not condition() and not following.done():
                await asyncio.sleep(0.002)
        assert not following.done()
        following.cancel()

    asyncio.run(main())


def version(service) -> str:
    return service.served.version.version


def test_a_swap_that_fails_is_told_and_tried_again(service, shelf, monkeypatch):
    fail_once(monkeypatch, service.metrics, "show_model")
    shelf.named = 2

    follow(service, shelf, lambda: service.trouble)

    assert "A defect stopped the update (ZeroDivisionError)" in service.trouble.reason
    assert version(service) == "1"
    follow(service, shelf, lambda: version(service) == "2")
    assert service.trouble is None


def test_what_cannot_even_be_noted_is_logged_and_the_looking_goes_on(
    service, shelf, monkeypatch, caplog
):
    fail_once(monkeypatch, service.metrics, "count_update")
    shelf.named = TrackingUnavailable("The server is away.")

    follow(service, shelf, lambda: service.trouble)

    assert service.trouble.reason == "The server is away."
    assert "defect" in caplog.messages
