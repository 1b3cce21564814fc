"""A real Triton server takes over what is exported, and refuses what does not fit."""

import platform
import sys
import time
from collections.abc import Iterator

import onnx
import pytest
from triton_graphs import MODEL, features, feeds, version
from triton_server import TritonServer, leave_out

from {{ cookiecutter.package_name }} import PROJECT
from {{ cookiecutter.package_name }}.cli.export_triton import main as export_triton
from {{ cookiecutter.package_name }}.inference.predictor import Predictor
from {{ cookiecutter.package_name }}.integrations.triton_client import connect
from {{ cookiecutter.package_name }}.integrations.triton_config import ServingOptions
from {{ cookiecutter.package_name }}.integrations.triton_errors import (
    TritonUnavailable,
)
from {{ cookiecutter.package_name }}.integrations.triton_repository import export
from {{ cookiecutter.package_name }}.integrations.triton_runtime import TritonRuntime

pytestmark = [
    pytest.mark.slow,
    # MLflow's own use of SQLAlchemy; nothing here can change it.
    pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SADeprecationWarning"),
]


def test_a_new_version_takes_over_without_a_refused_request(server, tiny_model, tmp_path):
    options, graph = ServingOptions("changing"), onnx.load(tiny_model)
    graph.graph.doc_string = "trained again"
    onnx.save_model(graph, tmp_path / "again.onnx")
    export(tiny_model, version(1), server.repository, options)
    server.wait_for("changing", version=1)
    former, client = TritonRuntime(server.url("grpc"), "changing"), connect(server.url("grpc"), 5.0)
    former.run(["label"], feeds(1))

    export(tmp_path / "again.onnx", version(2), server.repository, options)
    # Without a version the newest that is ready answers: at each moment there is one.
    patience = time.monotonic() + 30
    while not server.ready("changing", version=2) or server.ready("changing", version=1):
        assert time.monotonic() < patience
        assert client.infer("changing", "", ["label"], feeds(1))[0].shape == (1, 1)

    with pytest.raises(TritonUnavailable, match=r"'changing' ready \(.*version 1"):
        former.run(["label"], feeds(1))
    assert TritonRuntime(server.url("grpc"), "changing").served == version(2)
    export(tiny_model, version(1), server.repository, options)
    server.wait_for("changing", version=1)
    assert former.run(["label"], feeds(1))[0].shape == (1,)


def test_a_configuration_that_does_not_fit_the_graph_is_not_loaded(server, tiny_model):
    faults = {"dims": ("dims: 2", "dims: 3"), "name": ("numeric", "numbers"), "type": ("32", "64")}
    for name, (right, wrong) in faults.items():
        export(tiny_model, version(1), server.folder / "aside", ServingOptions(f"unfit-{name}"))
        config = server.folder / "aside" / f"unfit-{name}" / "config.pbtxt"
        config.write_text(config.read_text().replace(right, wrong))
        config.parent.rename(server.repository / config.parent.name)

    for name in faults:
        server.wait_for_refusal(f"unfit-{name}", version=1)


def test_a_damaged_model_harms_no_other(customers_served, tiny_model):
    server, aside = customers_served, customers_served.folder / "aside"
    export(tiny_model, version(1), aside, ServingOptions("damaged"))
    (aside / "damaged" / "1" / "model.onnx").write_bytes(tiny_model.read_bytes()[:100])

    (aside / "damaged").rename(server.repository / "damaged")

    server.wait_for_refusal("damaged", version=1)
    with pytest.raises(TritonUnavailable, match="does not have 'damaged' ready"):
        _ = TritonRuntime(server.url("grpc"), "damaged").info
    assert TritonRuntime(server.url("grpc"), MODEL).run(["label"], feeds(1))[0].shape == (1,)


@pytest.fixture
def own_server(server_python, tiny_model, tmp_path) -> Iterator[TritonServer]:
    """A server that a test may stop."""
    export(tiny_model, version(3), tmp_path / "repository", ServingOptions(MODEL))
    triton = TritonServer(server_python, tmp_path / "repository", tmp_path)
    triton.start()
    yield triton
    triton.stop()


@pytest.mark.parametrize("protocol", ["grpc", "http"])
def test_a_server_that_is_started_again_goes_unnoticed(own_server, protocol):
    runtime = TritonRuntime(own_server.url(protocol), MODEL)
    before = runtime.run(["label"], feeds(2))[0].tolist()

    own_server.stop()
    own_server.start()
    own_server.wait_for(MODEL, version=3)

    assert runtime.run(["label"], feeds(2))[0].tolist() == before
    runtime.close()


@pytest.mark.parametrize("protocol", ["grpc", "http"])
def test_a_server_that_comes_back_is_found_again(own_server, protocol):
    runtime = TritonRuntime(own_server.url(protocol), MODEL)
    before = runtime.run(["label"], feeds(2))[0].tolist()
    own_server.stop()

    with pytest.raises(TritonUnavailable, match="There is no Triton server at"):
        runtime.run(["label"], feeds(2))

    own_server.start()
    own_server.wait_for(MODEL, version=3)
    after = runtime.run(["label"], feeds(2))[0].tolist()
    runtime.close()
    assert after == before


def test_a_registered_version_goes_to_the_server_by_the_command(
    server, store, register, tiny_model, capsys
):
    register(store)
    repository = str(server.repository)

    code = export_triton(["--alias", "dev", "--repository", repository])
    server.wait_for(PROJECT, version=1)
    again = export_triton(["--version", "1", "--repository", repository])

    runtime = TritonRuntime(server.url("grpc"), PROJECT)
    answers = Predictor(runtime, runtime.info).predict(features(5))
    runtime.close()
    expected = Predictor.open(tiny_model).predict(features(5))
    said = capsys.readouterr().out
    assert (code, again) == (0, 0)
    assert "written: 1/labels.txt, 1/model.onnx, config.pbtxt\n" in said
    assert said.endswith("written: nothing, all of it was there\n")
    assert answers.values.tolist() == expected.values.tolist()


@pytest.mark.parametrize(
    ("system", "variables", "outcome"),
    [
        ("linux", {"CI": "true"}, pytest.fail.Exception),
        ("darwin", {"CI": "true"}, pytest.skip.Exception),
        ("linux", {}, pytest.skip.Exception),
    ],
)
def test_ci_does_not_pass_for_want_of_a_server(monkeypatch, system, variables, outcome):
    monkeypatch.setattr(sys, "platform", system)
    monkeypatch.setattr(platform, "machine", lambda: "x86_64")
    monkeypatch.delenv("CI", raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)

    with pytest.raises(outcome, match="no uv here"):
        leave_out("no uv here")
