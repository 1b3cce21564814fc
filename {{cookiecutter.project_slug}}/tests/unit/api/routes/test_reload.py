"""An operator's word, and only an operator's, makes the service look at once."""

import threading
import time
from dataclasses import replace

import pytest

from {{ cookiecutter.package_name }}.schemas.errors import TrackingUnavailable
from {{ cookiecutter.package_name }}_api.app import create_app
from {{ cookiecutter.package_name }}_api.keys import digest_of
from {{ cookiecutter.package_name }}_api.models import following

KEY = {"Authorization": "Bearer letmein"}


@pytest.fixture
def settings(settings, tmp_path):
    path = tmp_path / "operators"
    path.write_text(f"ops {digest_of('letmein')}\n")
    return settings.model_copy(update={"operator_keys_file": path})


@pytest.fixture
def answers():
    """What the registry gives, one look after the other."""
    return []


@pytest.fixture
def asked():
    """What was demanded of the registry: to be asked now, and in a hurry."""
    return []


@pytest.fixture
def make_client(settings, served, answers, asked, client_of):
    def newer(_, __, now, *, hurry=False):
        asked.append((now, hurry))
        answer = answers.pop(0) if now else None
        if isinstance(answer, Exception):
            raise answer
        return answer() if callable(answer) else answer

    def make(**changes):
        return client_of(create_app(settings.model_copy(update=changes), lambda _: served, newer))

    return make


def test_a_reload_answers_after_the_change(make_client, answers, asked, served):
    version = served.version.model_copy(update={"version": "8"})
    answers += [replace(served, version=version), None]

    with make_client() as client, client.started():
        first = client.request("POST", "/v1/reload", headers=KEY).json()
        second = client.request("POST", "/v1/reload", headers=KEY).json()

    assert first["swapped"] is True
    assert (first["model"]["version"], first["model"]["alias"]) == ("8", "prod")
    assert second == {**first, "swapped": False}
    assert (True, True) in asked
    assert set(asked) <= {(True, True), (False, False)}


def test_a_reload_that_fails_says_why_and_the_present_version_answers(make_client, answers):
    answers.append(TrackingUnavailable("The server is away."))

    with make_client() as client, client.started():
        refused = client.request("POST", "/v1/reload", headers=KEY)
        version = client.get("/health").json()["model"]["version"]

    assert (refused.status_code, version) == (503, "7")
    assert refused.json()["detail"] == "The server is away."


def test_what_a_reload_found_stays_told_although_the_next_look_is_not_due(
    make_client, answers, monkeypatch
):
    monkeypatch.setattr(following, "_TICK_SECONDS", 0.01)
    answers.append(TrackingUnavailable("The server is away."))

    with make_client() as client, client.started():
        client.request("POST", "/v1/reload", headers=KEY)
        time.sleep(0.05)
        for _ in range(20):
            told = client.get("/health/ready").json()["checks"]["registry"]
            time.sleep(0.005)

    assert told.endswith(", once: The server is away.")


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer letmein "[:-2]}])
def test_without_an_operators_key_nothing_is_asked(make_client, headers):
    with make_client() as client, client.started():
        refused = client.request("POST", "/v1/reload", headers=headers)

    assert refused.status_code == 401
    assert refused.headers["www-authenticate"] == "Bearer"


def test_without_a_file_of_operators_nobody_may(make_client):
    with make_client(operator_keys_file=None) as client, client.started():
        refused = client.request("POST", "/v1/reload", headers=KEY)

    assert refused.status_code == 403
    assert "OPERATOR_KEYS_FILE" in refused.json()["detail"]


def test_a_fixed_version_is_not_reloaded(make_client):
    with make_client(mlflow_model_version="7") as client, client.started():
        assert client.request("POST", "/v1/reload", headers=KEY).status_code == 409


def test_a_reload_that_takes_long_goes_on_without_its_client(make_client, answers, served):
    version = served.version.model_copy(update={"version": "8"})
    loaded = threading.Event()

    class Late:
        """What the registry gives, only after a while."""

        def __call__(self):
            assert loaded.wait(60)
            return replace(served, version=version)

    answers.append(Late())

    with make_client(request_timeout_seconds=0.05) as client, client.started():
        refused = client.request("POST", "/v1/reload", headers=KEY)
        loaded.set()
        patience = time.monotonic() + 60
        while client.get("/health").json()["model"]["version"] != "8":
            assert time.monotonic() < patience

    assert (refused.status_code, refused.headers["retry-after"]) == (503, "1")
    assert "it goes on" in refused.json()["detail"]
