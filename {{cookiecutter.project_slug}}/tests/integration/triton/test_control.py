"""A real Triton server that loads what it is told to, and nothing else."""

from collections.abc import Iterator

import pytest
from triton_graphs import MODEL, feeds, version
from triton_server import TritonServer

from {{ cookiecutter.package_name }} import PROJECT
from {{ cookiecutter.package_name }}.cli.export_triton import main as export_triton
from {{ cookiecutter.package_name }}.integrations.triton_control import load
from {{ cookiecutter.package_name }}.integrations.triton_options import ServingOptions
from {{ cookiecutter.package_name }}.integrations.triton_repository import export
from {{ cookiecutter.package_name }}.integrations.triton_runtime import TritonRuntime
from {{ cookiecutter.package_name }}.schemas.errors import ArtifactMismatch, ConfigError

pytestmark = [
    pytest.mark.slow,
    # MLflow's own use of SQLAlchemy and of hints; nothing here can change it.
    pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SADeprecationWarning"),
    pytest.mark.filterwarnings("ignore:.*Any type hint is inferred"),
]
SECONDS = 30.0


@pytest.fixture(scope="module")
def obedient(server_python, tmp_path_factory) -> Iterator[TritonServer]:
    """A server under explicit control, over an empty repository."""
    folder = tmp_path_factory.mktemp("obedient")
    (folder / "repository").mkdir()
    control = "--model-control-mode=explicit"
    triton = TritonServer(server_python, folder / "repository", folder, control)
    triton.start()
    yield triton
    triton.stop()


@pytest.mark.parametrize("protocol", ["grpc", "http"])
def test_the_server_loads_what_it_is_told_to_and_lets_go_of_it(obedient, tiny_model, protocol):
    model, url = f"told-{protocol}", obedient.url(protocol)
    export(tiny_model, version(3), obedient.repository, ServingOptions(model))
    assert not obedient.ready(model, version=3)

    load(url, model, version(3), SECONDS)

    assert obedient.ready(model, version=3)
    export(tiny_model, version(4), obedient.repository, ServingOptions(model))
    assert obedient.ready(model, version=3)
    load(url, model, version(4), SECONDS)
    assert TritonRuntime(url, model).served == version(4)
    with obedient.client(protocol) as client:
        client.unload_model(model)
        assert not client.is_model_ready(model)


@pytest.mark.parametrize("protocol", ["grpc", "http"])
def test_a_damaged_version_leaves_the_former_one_where_it_is(obedient, tiny_model, protocol):
    model, url = f"damaged-{protocol}", obedient.url(protocol)
    export(tiny_model, version(1), obedient.repository, ServingOptions(model))
    load(url, model, version(1), SECONDS)
    export(tiny_model, version(2), obedient.repository, ServingOptions(model))
    damaged = obedient.repository / model / "2" / "model.onnx"
    damaged.write_bytes(tiny_model.read_bytes()[:100])

    with pytest.raises(ArtifactMismatch, match=f"cannot load '{model}' .* goes on serving"):
        load(url, model, version(2), SECONDS)

    runtime = TritonRuntime(url, model)
    assert runtime.served == version(1)
    assert runtime.run(["label"], feeds(2))[0].shape == (2,)
    runtime.close()


def test_a_server_that_reads_another_repository_is_told_apart(obedient, tiny_model, tmp_path):
    export(tiny_model, version(1), obedient.repository, ServingOptions("elsewhere"))
    export(tiny_model, version(2), tmp_path / "repository", ServingOptions("elsewhere"))

    with pytest.raises(ArtifactMismatch, match="than version 2: it reads another repository"):
        load(obedient.url("grpc"), "elsewhere", version(2), SECONDS)


@pytest.mark.parametrize("protocol", ["grpc", "http"])
def test_a_server_that_polls_takes_no_orders(customers_served, protocol):
    with pytest.raises(ConfigError, match="without --model-control-mode=explicit"):
        load(customers_served.url(protocol), MODEL, version(3), SECONDS)


def test_the_command_exports_and_has_the_server_load(obedient, registered, capsys):
    registered(1)
    asked = ["--version", "1", "--repository", str(obedient.repository)]

    code = export_triton([*asked, "--load", obedient.url("http")])

    assert code == 0
    assert f"loaded by {obedient.url('http')}: version 1 answers\n" in capsys.readouterr().out
    assert obedient.ready(PROJECT, version=1)
