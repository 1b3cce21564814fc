"""A service that follows an alias of a real MLflow server, which goes away and comes back."""

import time
from contextlib import ExitStack

import httpx
import pytest
from mlflow import MlflowClient
from mlflow_server import free_port, mlflow_server
from pauseless_clients import Asking, answered_by, shifted
from running_service import running_service

from {{ cookiecutter.package_name }} import PROJECT

pytestmark = pytest.mark.slow


@pytest.fixture
def patience(monkeypatch) -> None:
    """Clients of the server try once: that it is away is known at once."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_TIMEOUT", "30")
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")


def told_of(url: str) -> str:
    """What the service says of its registry."""
    ready = httpx.get(f"{url}/health/ready", trust_env=False)
    assert ready.status_code == 200
    return ready.json()["checks"]["registry"]


def until(condition, seconds: float = 300.0) -> None:
    patience = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < patience
        time.sleep(0.05)


def test_a_service_outlives_its_server_and_follows_it_again_when_it_is_back(
    store, project, register, run_folder, tmp_path, monkeypatch, patience
):
    expected, port, server = {"1": shifted(run_folder, 1.0)}, free_port(), ExitStack()
    uri = f"http://127.0.0.1:{port}"
    monkeypatch.setenv("MLFLOW_TRACKING_URI", uri)
    with server:
        server.enter_context(mlflow_server(tmp_path, store, port=port))
        register(uri)
        with (
            running_service(MLFLOW_MODEL_ALIAS="dev", MODEL_POLL_SECONDS="2") as service,
            Asking(service.url, clients=1) as asking,
        ):
            expected["2"] = shifted(run_folder, 2.0)
            register(uri)
            answered_by(service.url, "2")
            server.close()
            until(lambda: told_of(service.url) != "ok")
            away = told_of(service.url)
            server.enter_context(mlflow_server(tmp_path, store, port=port))
            MlflowClient(uri, uri).set_registered_model_alias(PROJECT, "dev", "1")
            answered_by(service.url, "1")
            until(lambda: told_of(service.url) == "ok")

    assert asking.judged(expected) == ([], [])
    assert asking.versions() == ({"1", "2"}, "1", "1")
    assert f"The MLflow server at '{uri}' cannot be used (connection refused)" in away
