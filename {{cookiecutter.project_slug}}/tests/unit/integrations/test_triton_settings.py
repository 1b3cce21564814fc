import pytest

from {{ cookiecutter.package_name }} import PROJECT
from {{ cookiecutter.package_name }}.integrations.triton_settings import read_settings
from {{ cookiecutter.package_name }}.schemas.errors import ConfigError


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch):
    for name in ("TRITON_URL", "TRITON_MODEL_NAME", "TRITON_TIMEOUT_SECONDS"):
        monkeypatch.delenv(name, raising=False)


def test_an_address_is_enough(monkeypatch):
    monkeypatch.setenv("TRITON_URL", "grpc://triton:8001")
    monkeypatch.setenv("TRITON_MODEL_NAME", "")

    settings = read_settings()

    assert (settings.model_name, settings.timeout_seconds) == (PROJECT, 5)


def test_everything_that_cannot_be_used_is_told(monkeypatch):
    monkeypatch.setenv("TRITON_TIMEOUT_SECONDS", "0")

    with pytest.raises(ConfigError) as told:
        read_settings()

    assert str(told.value).splitlines() == [
        "TRITON_URL is not set: expected grpc://host:8001 or http://host:8000.",
        "TRITON_TIMEOUT_SECONDS is '0': expected greater than 0.",
    ]
