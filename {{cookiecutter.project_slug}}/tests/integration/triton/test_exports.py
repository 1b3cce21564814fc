"""A real Triton server takes over what is exported, and refuses what does not fit."""

import re
import time

import onnx
import pytest
from triton_graphs import MODEL, features, feeds, version

from {{ cookiecutter.package_name }} import PROJECT
from {{ cookiecutter.package_name }}.cli.export_triton import main as export_triton
from {{ cookiecutter.package_name }}.inference.predictor import Predictor
from {{ cookiecutter.package_name }}.integrations.triton_client import connect
from {{ cookiecutter.package_name }}.integrations.triton_errors import (
    TritonUnavailable,
)
from {{ cookiecutter.package_name }}.integrations.triton_options import ServingOptions
from {{ cookiecutter.package_name }}.integrations.triton_repository import export
from {{ cookiecutter.package_name }}.integrations.triton_runtime import TritonRuntime
from {{ cookiecutter.package_name }}.schemas.errors import GateRefused

pytestmark = [
    pytest.mark.slow,
    # MLflow's own use of SQLAlchemy and of hints; nothing here can change it.
    pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SADeprecationWarning"),
    pytest.mark.filterwarnings("ignore:.*Any type hint is inferred"),
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
    patience = time.monotonic() + 60
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
    # Why health checks of the container and of the pods ask for the model, not for the server.
    assert not server.answers("/v2/health/ready")
    assert server.answers(f"/v2/models/{MODEL}/ready")


def test_a_registered_version_goes_to_the_server_by_the_command(
    server, registered, tiny_model, capsys
):
    registered(1)
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


def test_8_bits_that_lose_too_much_are_not_exported(registered, project, capsys):
    # A weight of 1 beside one of 100 is 0.8 in 8 bits: that moves the border between the classes.
    registered(1)
    place = project / "repository"
    code = export_triton(["--version", "1", "--repository", str(place), "--quantize", "int8"])

    said = capsys.readouterr()
    assert code == GateRefused.exit_code
    assert "version 1 with 8 bits, 20 test rows of customers\n" in said.out
    assert re.search(r"skill against 32 bits +-0\.\d+  >=  -0\.02  BROKEN", said.out)
    assert "Version 1 with 8 bits does not pass the gate, and nothing was exported: " in said.err
    assert not place.exists()
