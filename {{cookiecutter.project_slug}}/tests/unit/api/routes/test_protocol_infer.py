"""Predictions by the Open Inference Protocol: JSON, and bytes after the JSON."""

import json

import numpy as np
import pytest
from protocol_wire import INFER, MODEL, ROWS, in_bytes, infer, texts

from {{ cookiecutter.package_name }}.inference.predictor import Predictor
from {{ cookiecutter.package_name }}.schemas.dataset import Column, DataSchema, Target
from {{ cookiecutter.package_name }}_api.app import create_app


def test_tensors_in_json_are_answered_with_the_version_and_the_id(client):
    answer = infer(client, {"id": "42", "inputs": ROWS})

    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    assert answer.json() == {
        "id": "42",
        "model_name": "{{ cookiecutter.package_name }}",
        "model_version": "7",
        "outputs": [
            {"name": "label", "datatype": "BYTES", "shape": [2, 1], "data": ["yes", "no"]},
            {
                "name": "probabilities",
                "datatype": "FP32",
                "shape": [2, 2],
                "data": [0.25, 0.75, 0.75, 0.25],
            },
        ],
    }


def test_an_array_a_row_is_the_same_as_one_array(client):
    nested = [ROWS[0] | {"data": [[60, 1.5], [20, None]]}, ROWS[1] | {"data": [["Oslo"], [""]]}]

    assert infer(client, {"inputs": nested}).json() == infer(client, {"inputs": ROWS}).json()


def test_the_rows_reach_the_model_as_they_were_sent(client, fake_runtime):
    infer(client, {"inputs": ROWS})
    numeric = np.array([[60, 1.5], [20, np.nan]], dtype="<f4").tobytes()
    infer(client, in_bytes(numeric, texts("Oslo", "")), numeric + texts("Oslo", ""))

    for feeds in fake_runtime.feeds:
        np.testing.assert_array_equal(feeds["numeric"], [[60, 1.5], [20, np.nan]])
        assert feeds["numeric"].dtype == np.float32
        assert feeds["categorical"].tolist() == [["Oslo"], [""]]
    assert len(fake_runtime.feeds) == 2


def test_a_client_that_writes_nan_for_missing_is_understood(client, fake_runtime):
    body = json.dumps({"inputs": ROWS}).replace("null", "NaN").encode()

    assert client.request("POST", INFER, content=body).status_code == 200
    assert np.isnan(fake_runtime.feeds[0]["numeric"][1, 1])


def test_bytes_are_answered_with_bytes_where_all_outputs_are_asked_for_as_bytes(client):
    numeric = np.array([60, 1.5, 20, np.nan], dtype="<f4").tobytes()
    categorical = texts("Oslo", "Ålesund")
    content = in_bytes(numeric, categorical, parameters={"binary_data_output": True})

    answer = infer(client, content, numeric + categorical)

    length = int(answer.headers["inference-header-content-length"])
    told, rest = json.loads(answer.content[:length]), answer.content[length:]
    label, probabilities = told["outputs"]
    size = label["parameters"]["binary_data_size"]
    assert answer.headers["content-type"] == "application/octet-stream"
    assert rest[:size] == texts("yes", "no")
    assert np.frombuffer(rest[size:], dtype="<f4").tolist() == [0.25, 0.75, 0.75, 0.25]
    assert probabilities["parameters"] == {"binary_data_size": 16}
    assert "data" not in label


def test_outputs_come_as_they_are_asked_for_each(client):
    outputs = [{"name": "probabilities", "parameters": {"binary_data": True}}, {"name": "label"}]

    answer = infer(client, {"inputs": ROWS, "outputs": outputs})

    length = int(answer.headers["inference-header-content-length"])
    told = json.loads(answer.content[:length])["outputs"]
    assert [output["name"] for output in told] == ["probabilities", "label"]
    assert told[1]["data"] == ["yes", "no"]
    assert len(answer.content) - length == 16


def test_one_output_alone_can_be_had(client):
    answer = infer(client, {"inputs": ROWS, "outputs": [{"name": "label"}]}).json()

    assert [output["name"] for output in answer["outputs"]] == ["label"]


def test_the_likeliest_classes_can_be_had_instead_of_all_probabilities(client):
    output = {"name": "probabilities", "parameters": {"classification": 1}}

    (told,) = infer(client, {"inputs": ROWS, "outputs": [output]}).json()["outputs"]

    assert (told["datatype"], told["shape"]) == ("BYTES", [2, 1])
    assert told["data"] == ["0.750000:1:yes", "0.750000:0:no"]


class TestRegression:
    @pytest.fixture
    def fake_predictor(self, fake_runtime, describe_model):
        column = Column(name="x", kind="number", highest=0.1)
        schema = DataSchema(columns=(column,), target=Target(name="y", task="regression"))
        return Predictor(fake_runtime, describe_model(schema))

    def test_numbers_come_with_one_value_a_row(self, client):
        rows = {"name": "numeric", "shape": [1, 1], "datatype": "FP32", "data": [0.1]}

        (output,) = infer(client, {"inputs": [rows]}).json()["outputs"]

        assert output == {"name": "value", "datatype": "FP32", "shape": [1, 1], "data": [0.2]}
        assert client.get(MODEL).json()["outputs"][0]["shape"] == [-1, 1]


def test_a_value_outside_the_contract_is_named_by_row_and_column(client):
    data = [60, 1.5, float("inf"), -float("inf")]
    answer = infer(client, {"inputs": [ROWS[0] | {"data": data}, ROWS[1]]})

    assert answer.status_code == 400
    assert answer.json()["error"] == (
        "row 1, column 'age': expected a finite number (null where it is missing), got inf "
        "(and 1 more)."
    )


@pytest.mark.parametrize("headers", [{"Content-Type": "text/plain"}, {"Content-Encoding": "gzip"}])
def test_other_bodies_are_told_what_is_taken(client, headers):
    answer = infer(client, {"inputs": ROWS}, **headers)

    assert answer.status_code == 415
    assert answer.json()["error"].startswith("Expected")


def test_large_bodies_are_read_by_a_thread(served, client_of, settings):
    roomy = settings.model_copy(update={"max_body_bytes": 200_000})
    app = create_app(roomy, load=lambda _: served)
    with client_of(app) as client, client.started():
        long = ROWS[1] | {"data": ["x" * 70_000, ""]}
        assert infer(client, {"inputs": [ROWS[0], long]}).status_code == 200
