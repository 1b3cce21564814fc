import json

import numpy as np
import pytest
from triton_graphs import HOUSES, features, feeds, version

from {{ cookiecutter.package_name }}.inference.predictor import Predictor
from {{ cookiecutter.package_name }}.integrations import triton_runtime
from {{ cookiecutter.package_name }}.integrations.triton_runtime import TritonRuntime
from {{ cookiecutter.package_name }}.schemas.errors import ArtifactMismatch, ConfigError


class FakeClient:
    """Answers from the first number of each row, in the shapes that Triton has."""

    def __init__(self, parameters: dict[str, str]) -> None:
        self.parameters = {name: {"string_value": value} for name, value in parameters.items()}
        self.batches: list[tuple[str, str, int]] = []
        self.closed = False

    def config(self, model):
        return {
            "max_batch_size": 4,
            "parameters": self.parameters,
            "output": [
                {"name": "label", "data_type": "TYPE_STRING", "dims": ["1"], "reshape": {}},
                {"name": "probabilities", "data_type": "TYPE_FP32", "dims": ["2"]},
            ],
        }

    def infer(self, model, number, outputs, given):
        first = given["numeric"][:, :1]
        self.batches.append((model, number, len(first)))
        labels = np.where(first > 50, "yes", "no").astype(object)
        answers = {"label": labels, "probabilities": np.hstack([1 - first, first])}
        return [answers[name] for name in outputs]

    def close(self):
        self.closed = True


@pytest.fixture
def parameters(mixed_schema, describe_model) -> dict[str, str]:
    return {
        "model_info": describe_model(mixed_schema).model_dump_json(),
        "served_version": version(3).model_dump_json(),
    }


@pytest.fixture
def client(parameters, monkeypatch) -> FakeClient:
    fake = FakeClient(parameters)
    monkeypatch.setattr(triton_runtime, "connect", lambda url, seconds: fake)
    return fake


@pytest.fixture
def runtime(client) -> TritonRuntime:
    return TritonRuntime("grpc://triton:8001", "customers")


def test_more_rows_than_a_batch_go_in_several_and_come_back_as_one(runtime, client):
    labels, probabilities = runtime.run(["label", "probabilities"], feeds(10))

    assert client.batches == [("customers", "3", size) for size in (4, 4, 2)]
    assert labels.shape == (10,)
    np.testing.assert_array_equal(probabilities[:, 1], feeds(10)["numeric"][:, 0])


def test_no_rows_have_an_answer_of_the_right_shape_and_type(runtime, client):
    labels, probabilities = runtime.run(["label", "probabilities"], feeds(0))

    assert client.batches == []
    assert (labels.shape, labels.dtype) == ((0,), object)
    assert (probabilities.shape, probabilities.dtype) == ((0, 2), np.float32)


def test_the_description_comes_from_the_server(runtime, mixed_schema):
    predictor = Predictor(runtime, runtime.info)

    assert predictor.info.data_schema == mixed_schema
    assert runtime.served == version(3)
    assert len(predictor.predict(features(6)).values) == 6


def test_a_model_of_somebody_else_is_a_sentence(runtime, client):
    client.parameters.clear()

    with pytest.raises(ArtifactMismatch, match="no parameter 'model_info' in its configuration"):
        _ = runtime.info


def test_a_description_that_cannot_be_read_is_a_sentence(client, describe_model):
    stored = json.loads(describe_model(HOUSES).model_dump_json())
    stored.pop("data_schema")
    client.parameters["model_info"]["string_value"] = json.dumps(stored)

    with pytest.raises(ArtifactMismatch, match=r"cannot read \(1 errors\): export the version"):
        _ = TritonRuntime("grpc://triton:8001", "customers").info


def test_connections_can_be_closed(runtime, client):
    runtime.close()

    assert client.closed


@pytest.mark.parametrize(
    "url",
    ["triton:8001", "grpc://", "grpc://triton:high", "ftp://triton", "grpc://triton:99999", ""],
)
def test_an_address_that_cannot_be_is_told_at_once(url):
    with pytest.raises(ConfigError, match=r"expected grpc://host:8001 or http://host:8000"):
        TritonRuntime(url, "customers")
