"""A model that a server runs: its version is followed, its absence told, its answers awaited."""

import asyncio

import numpy as np
import pytest
from model_server import Elsewhere, Module
from protocol_wire import MODEL, ROWS, infer

from {{ cookiecutter.package_name }}.data.features import Features
from {{ cookiecutter.package_name }}.integrations import backends
from {{ cookiecutter.package_name }}.schemas.errors import ConfigError, ModelError, ModelNotFound
from {{ cookiecutter.package_name }}_api.app import create_app
from {{ cookiecutter.package_name }}_api.models import following
from {{ cookiecutter.package_name }}_api.models.loading import load_model, load_shared
from {{ cookiecutter.package_name }}_api.settings import Settings

ROW = [60, "Oslo", 1.5]


@pytest.fixture(autouse=True)
def _hasty(monkeypatch) -> None:
    monkeypatch.setattr(following, "_TICK_SECONDS", 0.05)


@pytest.fixture
def server(monkeypatch, mixed_schema, describe_model) -> Elsewhere:
    found = Elsewhere(describe_model(mixed_schema))
    monkeypatch.setattr(backends, "named", lambda name: Module(found))
    return found


@pytest.fixture
def settings():
    """Nobody looks for another version unless a request meets it."""
    return Settings(inference_backend="elsewhere", model_poll_seconds=0)


@pytest.fixture
def client(settings, server, client_of):
    with client_of(create_app(settings)) as client, client.started():
        yield client


@pytest.fixture
def following_client(server, client_of):
    settings = Settings(inference_backend="elsewhere", model_poll_seconds=60)
    with client_of(create_app(settings)) as client, client.started():
        yield client


def test_rows_are_answered_by_the_server_with_its_version(client, server):
    answer = client.predict([ROW, [20, None, None]]).json()

    assert answer["predictions"] == ["yes", "no"]
    assert answer["model"]["version"] == "3"
    assert infer(client, {"inputs": ROWS}).json()["model_version"] == "3"
    assert server.asked == ["3", "3"]


def test_large_bodies_too_are_awaited(server, client_of):
    settings = Settings(inference_backend="elsewhere", max_batch_rows=5000)
    with client_of(create_app(settings)) as client, client.started():
        assert len(client.predict([ROW] * 5000).json()["predictions"]) == 5000


def test_a_request_that_meets_the_change_of_versions_is_answered_by_the_new_one(client, server):
    for ask in (lambda: client.predict([ROW]), lambda: infer(client, {"inputs": ROWS})):
        server.number = str(int(server.number) + 1)

        answer = ask()

        assert answer.status_code == 200
        version = client.get("/v1/model").json()["version"]
        assert version == server.number
    assert server.asked == ["3", "4", "4", "5"]


def test_many_requests_that_meet_it_look_for_the_new_version_once(client, server, monkeypatch):
    looked = []
    current = server.current

    def counted():
        looked.append(server.number)
        return current()

    service = client.app.state.service
    former, server.number = service.served, "4"
    monkeypatch.setattr(server, "current", counted)

    async def many():
        return await asyncio.gather(*(service.catch_up(former) for _ in range(9)))

    found = client._runner.run(many())

    assert {served.version.version for served in found} == {"4"}
    assert len(looked) == 2  # the question, and the load


def test_a_version_that_was_asked_for_by_number_is_not_exchanged(client, server):
    path = MODEL + "/versions/3/infer"
    server.number = "4"

    answer = client.request("POST", path, json={"inputs": ROWS})

    assert answer.status_code == 404
    assert answer.json()["error"].startswith("Version '3' of ")


def test_a_server_that_is_away_is_told_and_comes_back(client, server):
    assert client.get("/health/ready").json()["checks"]["elsewhere"] == "ok"
    server.away = ModelError("The server is away.")

    for path in ("/health/ready", "/v2/health/ready"):
        assert client.get(path).status_code == 503
    assert client.get("/health/ready").json()["detail"] == "The server is away."
    refused = client.predict([ROW])
    assert (refused.status_code, refused.headers["retry-after"]) == (503, "1")
    assert refused.json()["detail"] == "The server is away."
    assert client.get("/health/live").status_code == 200

    server.away = None
    assert client.get("/health/ready").status_code == 200
    assert client.predict([ROW]).status_code == 200


def test_the_description_names_the_backend(client):
    described = client.get("/v1/model").json()

    assert (described["backend"], described["origin"]) == ("elsewhere", "server")


def test_rows_that_are_not_answered_in_time_are_refused(server, client_of):
    settings = Settings(inference_backend="elsewhere", request_timeout_seconds=0.05)
    server.seconds = 60
    with client_of(create_app(settings)) as client, client.started():
        refused = client.predict([ROW])

    assert refused.status_code == 503
    assert "not answered within 0.05 s" in refused.json()["detail"]


def test_the_version_is_followed_without_a_request(following_client, server):
    server.number = "4"

    async def wait() -> None:
        while following_client.app.state.service.served.version.version != "4":
            await asyncio.sleep(0.05)

    following_client._runner.run(asyncio.wait_for(wait(), 60))


def test_a_version_that_cannot_be_loaded_leaves_the_former_one(
    following_client, server, monkeypatch
):
    def broken():
        raise ModelNotFound("It cannot be read.")

    monkeypatch.setattr(server, "load", broken)
    server.number = "4"
    service = following_client.app.state.service

    async def wait() -> None:
        while service.trouble is None:
            await asyncio.sleep(0.05)

    following_client._runner.run(asyncio.wait_for(wait(), 60))

    assert service.served.version.version == "3"
    assert (
        "It cannot be read" in following_client.get("/health/ready").json()["checks"]["elsewhere"]
    )


def test_the_connections_are_closed_with_the_service(settings, server, client_of):
    with client_of(create_app(settings)) as client, client.started():
        pass

    assert server.closed


@pytest.mark.parametrize("load", [load_model, load_shared])
def test_every_process_asks_the_server(settings, server, load):
    served = load(settings)

    assert (served.version.version, served.server) == ("3", server)


@pytest.mark.parametrize("given", [{"model_path": "x.onnx"}, {"mlflow_model_version": "2"}])
def test_a_version_that_the_server_cannot_be_told_is_refused(server, given):
    settings = Settings(inference_backend="elsewhere", **given)

    with pytest.raises(ConfigError, match="its server says which version answers"):
        load_model(settings)


def test_a_server_that_is_away_at_the_start_ends_it(settings, server):
    server.away = ModelError("The server is away.")

    with pytest.raises(ModelError, match="is away"):
        load_model(settings)


def test_a_backend_that_is_not_there_ends_the_start():
    with pytest.raises(ConfigError, match="INFERENCE_BACKEND is 'abacus': expected"):
        load_model(Settings(inference_backend="abacus"))


def test_a_runtime_in_this_process_can_be_awaited_as_well(fake_predictor):
    row = Features(np.array([[60, 1]], np.float32), np.array([["Oslo"]], object))

    assert asyncio.run(fake_predictor.ask(row)).values.tolist() == ["yes"]
