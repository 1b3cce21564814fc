"""Bodies that hold rows as bytes."""

import io

import numpy as np
import pytest

from {{ cookiecutter.package_name }}.inference.predictor import Predictor
from {{ cookiecutter.package_name }}.schemas.dataset import Column, DataSchema, Target

OCTETS, NPY = "application/octet-stream", "application/x-npy"
ROWS = [[60.0, 1.5, 0, 0], [20.0, 2.5, 0, 0]]


def saved(array) -> bytes:
    file = io.BytesIO()
    np.save(file, array)
    return file.getvalue()


def post(client, body, kind, **headers):
    given = {"Content-Type": kind} | headers
    return client.request("POST", "/v1/predict", content=body, headers=given)


class TestOfNumbers:
    @pytest.fixture
    def fake_predictor(self, fake_runtime, describe_model):
        columns = tuple(Column(name=f"p{place}", kind="number", highest=99) for place in range(4))
        target = Target(name="digit", task="classification", classes=("no", "yes"))
        schema = DataSchema(columns=columns, target=target, image_shape=(1, 2, 2))
        return Predictor(fake_runtime, describe_model(schema))

    @pytest.mark.parametrize(
        ("body", "kind"),
        [
            (np.array(ROWS, "<f4").tobytes(), OCTETS),
            (saved(np.array(ROWS)), NPY),
            (saved(np.array(ROWS).reshape(2, 1, 2, 2)), "Application/X-NPY; x=y"),
        ],
    )
    def test_rows_as_bytes_are_answered_as_rows_as_json_are(self, client, body, kind):
        answer = post(client, body, kind)

        told = client.predict(ROWS).json()
        assert answer.status_code == 200
        assert answer.json() | {"request_id": ""} == told | {"request_id": ""}

    def test_a_value_that_is_refused_is_named_by_row_and_column(self, client):
        answer = post(client, np.array([[1, 2, 100, 3]], "<f4").tobytes(), OCTETS)

        assert answer.status_code == 422
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["errors"] == [
            {"row": 0, "field": "p2", "message": "expected a number of at most 99, got 100.0"}
        ]

    @pytest.mark.parametrize("value", [True, False, "1", None])
    def test_what_is_no_number_is_refused_in_json_too(self, client, value):
        answer = client.predict([[1, 2, 3, 4], [1, 2, 3, value]])

        if value is None:  # missing, and nothing says that it must not be
            assert answer.status_code == 200
        else:
            (error,) = answer.json()["errors"]
            assert (error["row"], error["field"]) == (1, "p3")

    def test_limits_are_those_of_json(self, client):
        assert post(client, bytes(16 * 6), OCTETS).status_code == 422
        assert post(client, bytes(1001), OCTETS).status_code == 413

    def test_the_document_has_the_types_with_their_shapes(self, client):
        document = client.get("/openapi.json").json()

        for path in ("/predict", "/v1/predict"):
            content = document["paths"][path]["post"]["requestBody"]["content"]
            assert list(content) == ["application/json", OCTETS, NPY]
            assert "16 bytes a row" in content[OCTETS]["schema"]["description"]
            assert "(rows, 4), or (rows, 1, 2, 2)" in content[NPY]["schema"]["description"]

    def test_another_type_is_refused_with_those_that_it_takes(self, client):
        detail = post(client, b"", "text/plain").json()["detail"]

        assert detail == (
            f"Expected a body of application/json, {OCTETS} or {NPY}, got text/plain."
        )


@pytest.mark.parametrize("kind", [OCTETS, NPY])
def test_a_model_with_categories_takes_json_alone(client, kind):
    answer = post(client, b"", kind)

    content = client.get("/openapi.json").json()["paths"]["/v1/predict"]["post"]["requestBody"]
    assert answer.status_code == 415
    assert answer.json()["detail"] == (
        f"Column 'city' is no number, so {kind} cannot hold it: send application/json."
    )
    assert list(content["content"]) == ["application/json"]


@pytest.mark.parametrize("coding", ["gzip", "br", "Deflate"])
def test_a_compressed_body_is_refused(client, coding):
    answer = post(client, b"{}", "application/json", **{"Content-Encoding": coding})

    assert answer.status_code == 415
    assert answer.json()["detail"] == (f"Expected a body that is not compressed, got '{coding}'.")


def test_a_body_may_say_that_it_is_not_compressed(client):
    body = b'{"inputs": [[60, "Oslo", 1.5]]}'

    answer = post(client, body, "application/json", **{"Content-Encoding": "Identity"})

    assert answer.status_code == 200
