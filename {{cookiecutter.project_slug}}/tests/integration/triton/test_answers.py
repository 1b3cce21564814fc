"""A real Triton server answers as ONNX Runtime in this process does."""

import re
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from triton_graphs import HOUSES, MODEL, features, feeds, house_prices, version

from {{ cookiecutter.package_name }}.inference.predictor import Predictor
from {{ cookiecutter.package_name }}.inference.runtime import OnnxRuntime
from {{ cookiecutter.package_name }}.integrations.triton_client import connect
from {{ cookiecutter.package_name }}.integrations.triton_errors import (
    TritonUnavailable,
)
from {{ cookiecutter.package_name }}.integrations.triton_options import ServingOptions
from {{ cookiecutter.package_name }}.integrations.triton_repository import export
from {{ cookiecutter.package_name }}.integrations.triton_runtime import TritonRuntime
from {{ cookiecutter.package_name }}.schemas.errors import ArtifactMismatch
from {{ cookiecutter.package_name }}.utils.paths import project_root

pytestmark = pytest.mark.slow


@pytest.fixture
def runtime(url, customers_served) -> Iterator[TritonRuntime]:
    opened = TritonRuntime(url, MODEL)
    yield opened
    opened.close()


@pytest.mark.parametrize("rows", [0, 1, 7, 64, 65, 200])
def test_triton_answers_as_onnx_runtime_does(runtime, tiny_model, rows):
    labels, probabilities = runtime.run(["label", "probabilities"], feeds(rows))

    expected = OnnxRuntime(tiny_model).run(["label", "probabilities"], feeds(rows))
    assert labels.tolist() == expected[0].tolist()
    assert probabilities.dtype == np.float32
    np.testing.assert_allclose(probabilities, expected[1], atol=1e-6)


def test_a_predictor_over_triton_needs_no_model_file(runtime, tiny_model):
    remote, local = Predictor(runtime, runtime.info), Predictor.open(tiny_model)

    answers, expected = remote.predict(features(9)), local.predict(features(9))

    assert remote.info == local.info
    assert answers.values.tolist() == expected.values.tolist()
    np.testing.assert_allclose(answers.probabilities, expected.probabilities, atol=1e-6)


def test_a_number_a_row_comes_back_as_one_dimension(url, server, tmp_path, describe_model):
    model = house_prices(tmp_path / "model.onnx", describe_model(HOUSES))
    export(model, version(1), server.repository, ServingOptions("houses"))
    server.wait_for("houses", version=1)
    houses = TritonRuntime(url, "houses")

    (values,) = houses.run(["value"], {"numeric": np.array([[1], [2.5]], dtype=np.float32)})

    houses.close()
    assert values.tolist() == [10, 25]


def test_the_server_tells_which_version_it_serves(runtime):
    assert runtime.served == version(3)


@pytest.mark.parametrize("protocol", ["grpc", "http"])
def test_health_and_metadata_are_those_of_the_export(customers_served, protocol):
    with customers_served.client(protocol) as client:
        form = {"as_json": True} if protocol == "grpc" else {}
        about = client.get_model_metadata(MODEL, **form)
        assert client.is_server_live()
        assert client.is_model_ready(MODEL)
        assert client.get_server_metadata(**form)["version"] == "2.51.0"

    inputs = [(end["name"], end["datatype"], [*map(int, end["shape"])]) for end in about["inputs"]]
    assert inputs == [("numeric", "FP32", [-1, 2]), ("categorical", "BYTES", [-1, 1])]
    assert about["versions"] == ["3"]


def test_classes_have_the_names_of_the_labels_file(customers_served):
    from tritonclient import grpc

    inputs = [
        grpc.InferInput(name, list(array.shape), kind).set_data_from_numpy(array)
        for (name, array), kind in zip(feeds(1).items(), ["FP32", "BYTES"], strict=True)
    ]
    asked = [grpc.InferRequestedOutput("probabilities", class_count=2)]
    with customers_served.client("grpc") as client:
        found = client.infer(MODEL, inputs, outputs=asked).as_numpy("probabilities")

    assert {item.decode().split(":")[2] for item in found.ravel()} == {"no", "yes"}


def test_a_request_above_the_largest_batch_is_refused(url, customers_served):
    client = connect(url, 5.0)

    with pytest.raises(ArtifactMismatch, match="batch-size must be <= 64"):
        client.infer(MODEL, "3", ["label"], feeds(65))

    client.close()


def test_arrays_of_another_shape_are_a_sentence(runtime):
    narrow = {**feeds(2), "numeric": np.zeros((2, 1), dtype=np.float32)}

    with pytest.raises(ArtifactMismatch, match=r"'numeric' .* Expected \[-1,2\], got \[2,1\]\)"):
        runtime.run(["probabilities"], narrow)


def test_a_missing_input_is_a_sentence(runtime):
    with pytest.raises(ArtifactMismatch, match="expected 2 inputs but got 1"):
        runtime.run(["probabilities"], {"numeric": feeds(2)["numeric"]})


def test_a_model_that_is_not_there_is_a_sentence(url):
    with pytest.raises(TritonUnavailable, match="does not have 'nobody' ready"):
        _ = TritonRuntime(url, "nobody").info


def test_single_requests_of_many_threads_are_put_together(server, url, tiny_model):
    model = f"batched-{url.partition(':')[0]}"
    options = ServingOptions(model, queue_delay_us=20_000)
    export(tiny_model, version(1), server.repository, options)
    server.wait_for(model, version=1)
    runtime = TritonRuntime(url, model)

    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda rows: runtime.run(["label"], feeds(rows)), [1] * 200))

    runtime.close()
    with server.client("grpc") as client:
        about = client.get_inference_statistics(model, as_json=True)["model_stats"][0]
    assert [len(labels) for (labels,) in answers] == [1] * 200
    # The rows of zeros that warmed the model up are counted, too.
    assert int(about["inference_count"]) == 200 + 1 + 64
    assert int(about["execution_count"]) < 100


def test_prometheus_sees_the_model(customers_served, runtime):
    runtime.run(["label"], feeds(3))

    address = f"http://127.0.0.1:{customers_served.ports['metrics']}/metrics"
    with urllib.request.urlopen(address, timeout=60) as answer:
        text = answer.read().decode()

    counted = re.search(r'^nv_inference_count\W+model="customers",version="3"\W+(\d+)$', text, re.M)
    assert int(counted[1]) >= 3


def test_alert_rules_ask_for_metrics_that_the_server_has(customers_served, runtime):
    runtime.run(["label"], feeds(3))
    with pytest.raises(ArtifactMismatch):
        runtime.run(["label"], {"numeric": feeds(3)["numeric"]})
    rules = project_root() / "deployment" / "triton" / "prometheus" / "rules.yaml"
    asked = set(re.findall(r"\bnv_\w+", rules.read_text(encoding="utf-8")))

    address = f"http://127.0.0.1:{customers_served.ports['metrics']}/metrics"
    with urllib.request.urlopen(address, timeout=60) as answer:
        text = answer.read().decode()

    there = set(re.findall(r"^(nv_\w+)", text, re.M))
    # Those of GPUs are there where a GPU is.
    assert {name for name in asked - there if not name.startswith("nv_gpu_")} == set()
    assert re.search(r'^nv_inference_request_failure\{.*reason="', text, re.M)
