"""Who may ask, from where, and what an answer tells a browser."""

import logging
from contextlib import ExitStack

import pytest

from {{ cookiecutter.package_name }}_api.app import create_app
from {{ cookiecutter.package_name }}_api.keys import digest_of
from {{ cookiecutter.package_name }}_api.settings import Settings

ROW = [60, "Oslo", 1.5]
ANN = {"Authorization": "Bearer ann!"}


@pytest.fixture
def make(served, client_of):
    """Makes a started service with these settings; ends it with the test."""
    with ExitStack() as stack:

        def make(**settings):
            app = create_app(Settings(**settings), load=lambda _: served)
            client = stack.enter_context(client_of(app))
            return stack.enter_context(client.started())

        yield make


@pytest.fixture
def keys(tmp_path):
    path = tmp_path / "clients"
    path.write_text(f"ann {digest_of('ann!')}\nbob {digest_of('bob!')}\n")
    return path


@pytest.mark.parametrize(
    ("path", "asked"),
    [
        ("/v1/model", 401),
        ("/v1/example", 401),
        ("/openapi.json", 401),
        ("/docs", 401),
        ("/nowhere", 401),
        ("/health", 200),
        ("/health/live", 200),
        ("/health/ready", 200),
        ("/metrics", 200),
    ],
)
def test_with_keys_only_machines_that_watch_may_ask_without_one(make, keys, path, asked):
    client = make(api_keys_file=keys)

    assert client.get(path).status_code == asked
    assert client.get(path, headers=ANN).status_code == (404 if path == "/nowhere" else 200)


def test_a_prediction_needs_a_key_of_the_file(make, keys):
    client = make(api_keys_file=keys)

    refused = client.predict([ROW], headers={"X-API-Key": "eve!"})

    assert refused.status_code == 401
    assert refused.headers["www-authenticate"] == "Bearer"
    assert refused.headers["content-type"] == "application/problem+json"
    assert [
        client.predict([ROW], headers=headers).status_code
        for headers in (ANN, {"X-API-Key": "bob!"})
    ] == [200, 200]
    assert 'route="/v1/predict",status="401"} 1.0' in client.get("/metrics").text


def test_a_clients_key_is_no_operators(make, keys, tmp_path):
    operators = tmp_path / "operators"
    operators.write_text(f"ops {digest_of('ops!')}\n")
    client = make(api_keys_file=keys, operator_keys_file=operators, mlflow_model_version="7")

    def reload(key):
        return client.request("POST", "/v1/reload", headers={"X-API-Key": key}).status_code

    assert (reload("ann!"), reload("ops!")) == (401, 409)
    assert client.predict([ROW], headers={"X-API-Key": "ops!"}).status_code == 401


@pytest.mark.parametrize(
    ("settings", "host", "status"),
    [
        ({}, "127.0.0.1:8000", 200),
        ({}, "LOCALHOST", 200),
        ({}, "[::1]:8000", 200),
        ({}, "evil.example", 400),
        ({"api_host": "0.0.0.0"}, "anything.example", 200),
        ({"allowed_hosts": "api.example, b.example"}, "api.example:443", 200),
        ({"allowed_hosts": "api.example", "api_host": "0.0.0.0"}, "evil.example", 400),
        ({"allowed_hosts": "api.example"}, "localhost", 200),
        ({"allowed_hosts": "*"}, "evil.example", 200),
    ],
)
def test_a_host_that_is_not_served_is_refused(make, settings, host, status):
    client = make(**settings)

    assert client.get("/v1/model", headers={"Host": host}).status_code == status
    assert client.get("/health/ready", headers={"Host": host}).status_code == 200


def preflight(client, origin="https://app.example"):
    headers = {
        "Origin": origin,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type, x-api-key",
    }
    return client.request("OPTIONS", "/v1/predict", headers=headers)


def test_no_page_of_another_origin_may_ask_unless_it_is_named(make, keys):
    closed = make()
    opened = make(cors_origins="https://app.example", api_keys_file=keys)

    refused = opened.predict([ROW], headers={"Origin": "https://app.example"})
    answers = [
        preflight(closed),
        closed.predict([ROW], headers={"Origin": "https://app.example"}),
        preflight(opened, "https://evil.example"),
    ]

    assert ["access-control-allow-origin" in answer.headers for answer in answers] == [False] * 3
    assert preflight(opened).status_code == 200
    assert preflight(opened).headers["access-control-allow-origin"] == "https://app.example"
    # A page must be able to read why it was refused.
    assert refused.status_code == 401
    assert refused.headers["access-control-allow-origin"] == "https://app.example"


@pytest.mark.parametrize("path", ["/v1/model", "/nowhere", "/health", "/docs"])
def test_every_answer_tells_browsers_to_be_careful(client, path):
    headers = client.get(path).headers

    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cache-control"] == "no-store"
    assert headers["referrer-policy"] == "no-referrer"
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "server" not in headers


def test_neither_values_nor_keys_are_logged(make, keys, caplog):
    caplog.set_level(logging.INFO)
    client = make(api_keys_file=keys)

    for headers in (ANN, {"X-API-Key": "wrong-secret"}):
        client.predict([[123456.75, "Atlantis", 1]], headers=headers)
        client.predict([["Atlantis", 1, 1]], headers=headers)
    client.get("/v1/model?key=ann!", headers=ANN)
    client.app.state.service.access.flush()

    ours = [record for record in caplog.records if not record.name.startswith("httpx")]
    lines = [str(vars(record)) for record in ours]
    assert len(lines) >= 5
    assert not [x for x in lines if any(s in x for s in ("Atlantis", "123456", "secret", "ann!"))]
