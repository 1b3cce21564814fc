"""Other formats of a trained model, in a real server: 8 bits, TorchScript, TensorRT."""

import shutil
import sysconfig
from pathlib import Path

import numpy as np
import pytest
from triton_graphs import features, version
from triton_server import leave_out

from {{ cookiecutter.package_name }}.cli.export_triton import main as export_triton
from {{ cookiecutter.package_name }}.cli.train import main as train
from {{ cookiecutter.package_name }}.inference.golden import Golden
from {{ cookiecutter.package_name }}.inference.predictor import Predictor
from {{ cookiecutter.package_name }}.integrations.triton_options import ServingOptions
from {{ cookiecutter.package_name }}.integrations.triton_repository import export
from {{ cookiecutter.package_name }}.integrations.triton_runtime import TritonRuntime

pytestmark = [
    pytest.mark.slow,
    # MLflow's own use of SQLAlchemy; nothing here can change it.
    pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SADeprecationWarning"),
]


@pytest.fixture
def trained(store, prepared, training_in_process, runs) -> Path:
    """The run folder of a net for `shapes`, whose version 1 stands the gate."""
    code = train(["data.name=shapes", "data.target=???", "trainer.max_epochs=8"])
    assert code == 0
    return runs()[0]


def test_8_bits_and_torchscript_answer_over_both_protocols(server, trained, capsys):
    place = ["--version", "1", "--repository", str(server.repository)]
    assert export_triton([*place, "--model-name", "small", "--quantize", "int8"]) == 0
    assert export_triton([*place, "--model-name", "scripted", "--format", "torchscript"]) == 0

    said = capsys.readouterr().out
    assert "skill against 32 bits, 95% sure" in said
    assert "written: 1/labels.txt, 1/model.pt, config.pbtxt\n" in said
    golden, trained_model = Golden.read(trained / "golden.json"), trained / "model.onnx"
    rows = golden.features(Predictor.open(trained_model).info.data_schema)
    rounded = Predictor.open(server.repository / "small" / "1" / "model.int8.onnx").predict(rows)
    server.wait_for("small", version=1)
    if sysconfig.get_python_version() != server.python_version:
        leave_out(f"the server's Python {server.python_version} cannot load this one's PyTorch")
    server.wait_for("scripted", version=1)
    for protocol in ("grpc", "http"):
        scripted = TritonRuntime(server.url(protocol), "scripted")
        small = TritonRuntime(server.url(protocol), "small")
        assert golden.difference(Predictor(scripted, scripted.info).predict(rows)) < 1e-4
        answers = Predictor(small, small.info).predict(rows)
        np.testing.assert_allclose(answers.probabilities, rounded.probabilities, atol=1e-5)
        scripted.close()
        small.close()


def test_the_server_reads_a_configuration_for_gpus(server, tiny_model):
    options = ServingOptions("engines", device="gpu", tensorrt="fp16", instances=2)
    export(tiny_model, version(1), server.folder / "aside", options)
    aside = server.folder / "aside" / "engines"
    # There is no GPU here: it says so, having read the rest.
    shutil.copytree(aside, server.repository / "engines")
    server.wait_for_log("has kind KIND_GPU but no GPUs are available")
    config = (aside / "config.pbtxt").read_text()

    (aside / "config.pbtxt").write_text(config.replace("KIND_GPU", "KIND_CPU"))
    shutil.rmtree(server.repository / "engines")
    aside.rename(server.repository / "engines")

    server.wait_for("engines", version=1)
    runtime = TritonRuntime(server.url("grpc"), "engines")
    assert len(Predictor(runtime, runtime.info).predict(features(9)).values) == 9
    runtime.close()
