import pytest
from triton_graphs import version

from {{ cookiecutter.package_name }}.integrations import triton_control
from {{ cookiecutter.package_name }}.integrations.triton_control import load
from {{ cookiecutter.package_name }}.schemas.errors import ArtifactMismatch


class Server:
    """Loads what it is told to, and has `told` in its configuration then."""

    def __init__(self, told: dict) -> None:
        self.told, self.loaded, self.closed = told, [], False

    def load(self, model):
        self.loaded.append(model)

    def config(self, model):
        return {"parameters": {name: {"string_value": text} for name, text in self.told.items()}}

    def close(self):
        self.closed = True


@pytest.fixture
def server(monkeypatch) -> Server:
    made = Server({"served_version": version(3).model_dump_json()})
    monkeypatch.setattr(triton_control, "connect", lambda url, seconds: made)
    return made


def test_the_model_is_loaded_and_looked_at(server):
    load("grpc://triton:8001", "customers", version(3), 5.0)

    assert server.loaded == ["customers"]
    assert server.closed


@pytest.mark.parametrize("told", [{}, {"served_version": version(2).model_dump_json()}])
def test_another_model_than_the_exported_one_is_a_sentence(server, told):
    server.told = told

    with pytest.raises(ArtifactMismatch, match="than version 3: it reads another repository"):
        load("grpc://triton:8001", "customers", version(3), 5.0)

    assert server.closed
