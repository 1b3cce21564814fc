"""What becomes of a model's answer."""

import pytest

from {{ cookiecutter.package_name }}.inference.predictor import Predictor
from {{ cookiecutter.package_name }}.schemas.dataset import Column, DataSchema, Target

HUGE, FITS = 3e38, 1.5


@pytest.fixture
def fake_predictor(fake_runtime, describe_model):
    """Its model answers twice the number that it is asked with."""
    target = Target(name="price", task="regression")
    schema = DataSchema(columns=(Column(name="rooms", kind="number"),), target=target)
    return Predictor(fake_runtime, describe_model(schema))


def test_rows_that_are_too_much_for_the_model_are_refused_by_row(client):
    refused = client.predict([[FITS], [HUGE], [-HUGE]])

    expected = "expected values for which the model's answer is a finite number"
    assert refused.status_code == 422
    assert refused.json()["errors"] == [
        {"row": 1, "field": None, "message": expected},
        {"row": 2, "field": None, "message": expected},
    ]
    assert "predicted_rows_total 0.0" in client.get("/metrics").text


def test_clients_of_the_protocol_are_told_the_same(client):
    tensor = {"name": "numeric", "shape": [2, 1], "datatype": "FP32", "data": [FITS, HUGE]}

    path = "/v2/models/{{ cookiecutter.package_name }}/infer"
    refused = client.request("POST", path, json={"inputs": [tensor]})

    assert refused.status_code == 400
    assert "row 1" in refused.json()["error"]


def test_numbers_whose_square_is_too_much_are_answered(client):
    assert client.predict([[1e30]]).json()["predictions"] == [pytest.approx(2e30)]
