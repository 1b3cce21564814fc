import json

import numpy as np
import pytest

from {{ cookiecutter.package_name }}.inference.predictor import Predictor
from {{ cookiecutter.package_name }}.schemas.dataset import Column, DataSchema, Target

ROW = [60, "Oslo", 1.5]


def test_rows_are_answered_in_order_with_the_version_that_answered(client):
    response = client.predict([ROW, {"age": 20, "city": None, "income": None}])

    assert response.status_code == 200
    assert response.json() == {
        "predictions": ["yes", "no"],
        "probabilities": [[0.25, 0.75], [0.75, 0.25]],
        "classes": ["no", "yes"],
        "model": {"name": "{{ cookiecutter.package_name }}", "version": "7", "alias": "prod"},
        "request_id": response.headers["x-request-id"],
    }


def test_the_model_gets_missing_numbers_as_nan_and_text_as_text(client, fake_runtime):
    client.predict([[None, True, 2]])

    (feeds,) = fake_runtime.feeds
    assert np.isnan(feeds["numeric"][0, 0])
    assert feeds["categorical"].tolist() == [["true"]]


def test_the_short_path_answers_the_same(client):
    response = client.request("POST", "/predict", json={"inputs": [ROW]})

    assert response.json()["predictions"] == ["yes"]


class TestRegression:
    @pytest.fixture
    def fake_predictor(self, fake_runtime, describe_model):
        columns = (Column(name="x", kind="number"),)
        schema = DataSchema(columns=columns, target=Target(name="y", task="regression"))
        return Predictor(fake_runtime, describe_model(schema))

    def test_regression_answers_numbers_without_probabilities(self, client):
        answer = client.predict([[1.5], [4]]).json()

        assert answer["predictions"] == [3.0, 8.0]
        assert answer["probabilities"] is None
        assert answer["classes"] is None


def test_every_refused_value_is_named_at_once(client):
    response = client.predict([["old", "Oslo", 1], [1, ["Oslo"], True], [1]])

    problem = response.json()
    assert response.status_code == 422
    assert response.headers["content-type"] == "application/problem+json"
    assert problem.pop("request_id") == response.headers["x-request-id"]
    assert problem.pop("title").startswith("Unprocessable")  # Python 3.13 gave it another name
    assert problem == {
        "type": "about:blank",
        "status": 422,
        "detail": "4 values do not fit the model.",
        "errors": [
            {"row": 0, "field": "age", "message": "expected a number or null, got 'old'"},
            {
                "row": 1,
                "field": "city",
                "message": "expected text, a number, a boolean or null, got an array",
            },
            {"row": 1, "field": "income", "message": "expected a number or null, got true"},
            {"row": 2, "field": None, "message": "expected 3 values (age, city, income), got 1"},
        ],
    }


@pytest.mark.parametrize("number", ["NaN", "-Infinity", "1e400"])
def test_numbers_that_json_does_not_have_are_refused_by_place(client, number):
    response = client.post_bytes(b'{"inputs": [[1, "Oslo", ' + number.encode() + b"]]}")

    (error,) = response.json()["errors"]
    assert response.status_code == 422
    assert (error["row"], error["field"]) == (0, "income")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b'{"inputs": [[1, "Oslo", 2]',
        b'{"inputs": "\xff"}',
        b'{"inputs": ["\\ud800"]}',
        b"[" * 900,
        b'{"inputs":' * 90,
        b"\xef\xbb\xbf" + b'{"inputs": [[1, "Oslo", 2]]}',
        '{"inputs": [[1, "Oslo", 2]]}'.encode("utf-16"),
        b'{"inputs": [[1, "Oslo", 2]]} {}',
        b'{"inputs": [[1, "Oslo", 2]], NaN}',
    ],
)
def test_a_body_that_is_not_json_is_a_bad_request(client, body):
    response = client.post_bytes(body)

    assert response.status_code == 400
    assert response.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("body", [b'{"rows": []}', b"{}", b"[]", b"null", b'{"inputs":[],"x":1}'])
def test_a_body_without_inputs_is_told_the_key(client, body):
    response = client.post_bytes(body)

    (error,) = response.json()["errors"]
    assert response.status_code == 422
    assert "the one key 'inputs'" in error["message"]
    assert body != b"[]" or error["message"].endswith(", got an array")


@pytest.mark.parametrize("number", [b"1" + b"0" * 30, b"-" + b"9" * 25, b"123456789012345678901"])
def test_a_number_of_many_digits_is_a_number(client, fake_runtime, number):
    response = client.post_bytes(b'{"inputs": [[' + number + b', "Oslo", 2]]}')

    assert response.status_code == 200
    assert fake_runtime.feeds[0]["numeric"][0, 0] == np.float32(float(number))


@pytest.mark.parametrize("number", [b"1" + b"0" * 39, b"1" + b"0" * 400, b"-1e39"])
def test_a_number_too_large_for_32_bits_is_refused_by_place(client, number):
    response = client.post_bytes(b'{"inputs": [[' + number + b', "Oslo", 2]]}')

    (error,) = response.json()["errors"]
    assert response.status_code == 422
    assert (error["row"], error["field"]) == (0, "age")


def test_of_two_equal_keys_the_last_one_counts(client, fake_runtime):
    row = b'{"age": 1, "city": "Oslo", "income": 2, "age": 60}'

    response = client.post_bytes(b'{"inputs": [["x"]], "inputs": [' + row + b"]}")

    assert response.status_code == 200
    assert fake_runtime.feeds[0]["numeric"].tolist() == [[60, 2]]


def test_too_many_rows_are_refused_with_the_limit(client):
    response = client.predict([ROW] * 6)

    (error,) = response.json()["errors"]
    assert error["message"] == "expected an array of 1 to 5 rows, got 6 rows"


def test_a_body_beyond_the_limit_is_refused_before_it_is_read(client):
    response = client.post_bytes(b" " * 1001)

    assert response.status_code == 413
    assert "at most 1000 bytes" in response.json()["detail"]


def test_a_body_of_unknown_length_is_refused_when_it_passes_the_limit(client):
    async def endless():
        for _ in range(50):
            yield b" " * 100

    response = client.post_bytes(endless())

    assert response.status_code == 413


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_another_content_type_is_refused(client, kind):
    body = json.dumps({"inputs": [ROW]})
    response = client.request("POST", "/predict", content=body, headers={"Content-Type": kind})

    assert response.status_code == 415
    assert "application/json" in response.json()["detail"]
    assert "x-npy" not in response.json()["detail"]  # this model has a column that is no number


def test_a_content_type_may_have_parameters(client):
    headers = {"Content-Type": "Application/JSON; charset=utf-8"}
    body = json.dumps({"inputs": [ROW]})

    assert client.request("POST", "/predict", content=body, headers=headers).status_code == 200
