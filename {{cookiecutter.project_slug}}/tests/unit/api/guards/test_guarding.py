"""Who may ask, from where, and what an answer tells a browser."""

import logging
from contextlib import ExitStack

import pytest

from {{ cookiecutter.package_name }}_api.app import create_app
from {{ cookiecutter.package_name }}_api.guards import limits
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
        ("/docs", 200),
        ("/docs/start.js", 200),
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
    assert "`Authorization: Bearer KEY` or `X-API-Key: KEY`" in refused.json()["detail"]
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
        ({"api_host": "0.0.0.0"}, "anything.example", 400),
        ({"api_host": "0.0.0.0"}, "10.0.3.7:8000", 200),
        ({"api_host": "0.0.0.0"}, "[fd00::7]:8000", 200),
        ({"api_host": "0.0.0.0"}, "api:8000", 200),
        ({"api_host": "0.0.0.0"}, "api.default.svc.cluster.local", 200),
        ({"api_host": "0.0.0.0"}, "host.docker.internal:8000", 200),
        ({"api_host": "0.0.0.0"}, "internal.example", 400),
        ({"api_host": "0.0.0.0"}, "", 400),
        ({"api_host": "0.0.0.0"}, "x" * 300, 400),
        ({"api_host": "0.0.0.0", "allowed_hosts": "api.example"}, "10.0.3.7", 400),
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


@pytest.mark.parametrize(
    ("settings", "warned"),
    [({"api_host": "0.0.0.0"}, True), ({"api_host": "0.0.0.0", "keys": True}, False), ({}, False)],
)
def test_a_service_that_anybody_in_the_network_may_ask_says_so(
    make, keys, caplog, settings, warned
):
    if settings.pop("keys", False):
        settings["api_keys_file"] = keys

    make(**settings).get("/health")

    assert ("anybody may ask" in caplog.text) is warned


@pytest.fixture
def clock(monkeypatch):
    now = [1000.0]
    monkeypatch.setattr(limits, "monotonic", lambda: now[0])
    return now


def test_an_owner_who_asks_too_often_is_told_when_to_come_again(make, keys, clock):
    client = make(api_keys_file=keys, api_key_rate="2/min")

    answers = [client.predict([ROW], headers=ANN) for _ in range(3)]
    other = client.predict([ROW], headers={"X-API-Key": "bob!"})
    clock[0] += float(answers[2].headers["retry-after"])
    later = [client.get("/v1/model", headers=ANN) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[2].headers["content-type"] == "application/problem+json"
    assert answers[2].headers["retry-after"] == "30"
    assert answers[2].json()["detail"] == (
        "This key may ask 2 requests in 60 s, 2 at once; ask again in 30 s."
    )
    assert other.status_code == 200
    assert [answer.status_code for answer in later] == [200, 429]
    page = client.get("/metrics", headers=ANN)
    assert page.status_code == 200
    assert 'route="/v1/predict",status="429"} 1.0' in page.text


def test_a_line_of_the_file_wins_over_the_rate_of_all(make, tmp_path, clock):
    path = tmp_path / "clients"
    path.write_text(f"ann {digest_of('ann!')} rate=1/s burst=3\nbob {digest_of('bob!')}\n")
    client = make(api_keys_file=path, api_key_rate="1/h")

    statuses = [
        [client.get("/v1/model", headers={"X-API-Key": key}).status_code for _ in range(4)]
        for key in ("ann!", "bob!", "eve!")
    ]

    assert statuses == [[200, 200, 200, 429], [200, 429, 429, 429], [401] * 4]


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
    assert [getattr(one, "owner", None) for one in ours[-5:]] == ["ann"] * 2 + [None] * 2 + ["ann"]
    assert not [x for x in lines if any(s in x for s in ("Atlantis", "123456", "secret", "ann!"))]
