"""A client that was written for Triton asks the service instead, and nothing of it changes."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import numpy as np
import pytest
from running_service import running_service
from triton_graphs import feeds, version
from tritonclient import http
from tritonclient.utils import InferenceServerException, np_to_triton_dtype

from {{ cookiecutter.package_name }} import PROJECT
from {{ cookiecutter.package_name }}.inference.runtime import OnnxRuntime
from {{ cookiecutter.package_name }}.integrations.triton_options import ServingOptions
from {{ cookiecutter.package_name }}.integrations.triton_repository import export

pytestmark = pytest.mark.slow


def inputs(rows: int, binary: bool) -> list[http.InferInput]:
    found = []
    for name, array in feeds(rows).items():
        tensor = http.InferInput(name, list(array.shape), np_to_triton_dtype(array.dtype))
        found.append(tensor.set_data_from_numpy(array, binary_data=binary))
    return found


@pytest.fixture
def service(tiny_model, project) -> Iterator[http.InferenceServerClient]:
    """NVIDIA's client of a service that runs `tiny_model`."""
    with (
        running_service(MODEL_PATH=str(tiny_model), MAX_BATCH_ROWS="9") as running,
        http.InferenceServerClient(urlsplit(running.url).netloc) as client,
    ):
        yield client


def test_tritons_client_asks_the_service(service, tiny_model):
    expected_labels, expected = OnnxRuntime(tiny_model).run(["label", "probabilities"], feeds(7))

    assert service.is_server_live()
    assert service.is_server_ready()
    assert service.is_model_ready(PROJECT)
    assert service.is_model_ready(PROJECT, "local")
    assert not service.is_model_ready(PROJECT, "3")
    assert "binary_tensor_data" in service.get_server_metadata()["extensions"]
    asked = [http.InferRequestedOutput("probabilities", binary_data=False)]
    for binary in (True, False):
        everything = service.infer(PROJECT, inputs(7, binary), "local", request_id="r7")
        one = service.infer(PROJECT, inputs(7, binary), outputs=asked)

        assert everything.get_response()["id"] == "r7"
        labels = [label.decode() for label in everything.as_numpy("label").ravel()]
        assert labels == expected_labels.tolist()
        np.testing.assert_allclose(everything.as_numpy("probabilities"), expected, atol=1e-6)
        np.testing.assert_allclose(one.as_numpy("probabilities"), expected, atol=1e-6)
        assert one.as_numpy("label") is None
    waiting = service.async_infer(PROJECT, inputs(1, True))
    assert waiting.get_result().as_numpy("label").shape == (1, 1)


def test_refusals_reach_tritons_client_as_sentences(service):
    with pytest.raises(InferenceServerException, match="1 to 9 rows for 'numeric', got") as many:
        service.infer(PROJECT, inputs(10, True))
    with pytest.raises(InferenceServerException, match="no model 'nobody' here") as nobody:
        service.infer("nobody", inputs(1, True))
    with pytest.raises(InferenceServerException, match=r"Version '9' of .* is not served"):
        service.get_model_metadata(PROJECT, "9")
    with pytest.raises(InferenceServerException, match="not compressed, got 'gzip") as packed:
        service.infer(PROJECT, inputs(1, True), request_compression_algorithm="gzip")

    assert [one.value.status() for one in (many, nobody, packed)] == ["400", "404", "415"]


def test_triton_and_the_service_describe_and_answer_the_model_alike(service, server, tiny_model):
    export(tiny_model, version(3), server.repository, ServingOptions(PROJECT))
    server.wait_for(PROJECT, version=3)
    top = [http.InferRequestedOutput("probabilities", class_count=2)]
    with server.client("http") as triton:
        classes = [
            client.infer(PROJECT, inputs(7, True), outputs=top).as_numpy("probabilities").tolist()
            for client in (service, triton)
        ]
        about = [client.get_model_metadata(PROJECT) for client in (service, triton)]
        answers = [client.infer(PROJECT, inputs(7, True)) for client in (service, triton)]

    assert [one.pop("versions") for one in about] == [["local"], ["3"]]
    assert about[0] == about[1]
    assert classes[0] == classes[1]
    for name in ("label", "probabilities"):
        one, other = (answer.get_output(name) for answer in answers)
        assert (one["datatype"], one["shape"]) == (other["datatype"], other["shape"])
        one, other = (answer.as_numpy(name) for answer in answers)
        assert one.dtype == other.dtype
    assert answers[0].as_numpy("label").tolist() == answers[1].as_numpy("label").tolist()
    np.testing.assert_allclose(*(answer.as_numpy("probabilities") for answer in answers), atol=1e-6)
