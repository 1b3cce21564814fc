import pytest
from triton_fake import FakeTriton, install
from triton_graphs import features, version

from {{ cookiecutter.package_name }} import PROJECT
from {{ cookiecutter.package_name }}.integrations import backends
from {{ cookiecutter.package_name }}.schemas.errors import ArtifactMismatch, ConfigError


@pytest.fixture
def fake(monkeypatch, mixed_schema, describe_model) -> FakeTriton:
    return install(monkeypatch, describe_model(mixed_schema))


def test_a_command_gets_the_version_that_it_asks_for(fake, tmp_path):
    predictor = backends.named("triton").predictor(tmp_path, version(3))

    assert len(predictor.predict(features(6)).values) == 6
    assert fake.batches == [(PROJECT, "3", 4), (PROJECT, "3", 2)]


def test_a_command_is_refused_another_version_than_the_server_has(fake, tmp_path):
    with pytest.raises(ArtifactMismatch, match=r"serves version 3 of .*, and version 4 of"):
        backends.named("triton").predictor(tmp_path, version(4))


def test_the_service_asks_the_server_for_its_version(fake):
    server = backends.named("triton").server()

    assert server.name == "triton"
    assert server.current() == version(3)


def test_without_an_address_there_is_a_sentence(fake, monkeypatch):
    monkeypatch.delenv("TRITON_URL")

    with pytest.raises(ConfigError, match="TRITON_URL is not set"):
        backends.named("triton").server()


@pytest.mark.parametrize("ask", ["predictor", "server"])
def test_without_the_client_the_extra_is_named(fake, monkeypatch, tmp_path, ask):
    backend = backends.named("triton")
    monkeypatch.setattr(backend, "find_spec", lambda name: None)

    with pytest.raises(ConfigError, match="install the extra `triton`"):
        backend.server() if ask == "server" else backend.predictor(tmp_path, version(3))
