import os

from {{ cookiecutter.package_name }}.integrations.mlflow_client import patience

TIMEOUT, RETRIES = "MLFLOW_HTTP_REQUEST_TIMEOUT", "MLFLOW_HTTP_REQUEST_MAX_RETRIES"


def test_patience_is_for_a_block_and_never_longer_than_what_is_set(monkeypatch):
    monkeypatch.setenv(TIMEOUT, "120")
    monkeypatch.setenv(RETRIES, "1")

    with patience(20, 2):
        inside = (os.environ[TIMEOUT], os.environ[RETRIES])

    assert inside == ("20", "1")
    assert (os.environ[TIMEOUT], os.environ[RETRIES]) == ("120", "1")


def test_patience_leaves_nothing_behind(monkeypatch):
    monkeypatch.delenv(TIMEOUT, raising=False)

    with patience(20, 2):
        assert os.environ[TIMEOUT] == "20"

    assert TIMEOUT not in os.environ
