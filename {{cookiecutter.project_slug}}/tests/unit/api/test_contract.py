"""A model whose data declared a contract: its requests are held to it, and told of it."""

import pytest

from {{ cookiecutter.package_name }}.inference.predictor import Predictor
from {{ cookiecutter.package_name }}.schemas.dataset import Column, DataSchema, Target
from {{ cookiecutter.package_name }}_api.examples import example_row

COLUMNS = (
    Column(name="age", kind="number", lowest=0, highest=120, required=True, minimum=1, maximum=90),
    Column(name="city", kind="category", allowed=("1", "Oslo", "true")),
    Column(name="kind", kind="category", allowed=("a", "b"), required=True, categories=("b",)),
    Column(name="note", kind="category", required=True),
)
ROW = {"age": 61, "city": None, "kind": "a", "note": "x"}


@pytest.fixture
def fake_predictor(fake_runtime, describe_model):
    target = Target(name="bought", task="classification", classes=("no", "yes"))
    return Predictor(fake_runtime, describe_model(DataSchema(columns=COLUMNS, target=target)))


def test_a_request_that_keeps_the_contract_is_answered(client):
    assert client.predict([ROW, ROW | {"city": 1}]).json()["predictions"] == ["yes", "yes"]


def test_a_request_that_breaks_the_contract_is_told_where_and_how(client):
    response = client.predict([ROW, ROW | {"age": 121, "city": "Rome"}, ROW | {"kind": None}])

    assert response.status_code == 422
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["errors"] == [
        {"row": 1, "field": "age", "message": "expected a number from 0 to 120, got 121"},
        {
            "row": 1,
            "field": "city",
            "message": "expected one of '1', 'Oslo', 'true' or null, got 'Rome'",
        },
        {"row": 2, "field": "kind", "message": "expected one of 'a', 'b', got null"},
    ]


def test_the_document_says_what_each_column_takes(client):
    document = client.get("/openapi.json").json()

    request = document["components"]["schemas"]["PredictionRequest"]
    by_name, in_order = request["properties"]["inputs"]["items"]["oneOf"]
    assert by_name["properties"] == {
        "age": {
            "type": ["number"],
            "minimum": 0,
            "maximum": 120,
            "examples": [46],
            "description": "1 to 90 in training",
        },
        "city": {"enum": ["1", 1, "Oslo", "true", True, None]},
        "kind": {"enum": ["a", "b"]},
        "note": {"type": ["string", "number", "boolean"], "examples": []},
    }
    assert in_order["prefixItems"][2] == {"enum": ["a", "b"], "title": "kind"}


def test_every_value_that_the_document_lists_is_taken(client):
    document = client.get("/openapi.json").json()
    request = document["components"]["schemas"]["PredictionRequest"]
    values = request["properties"]["inputs"]["items"]["oneOf"][0]["properties"]["city"]["enum"]

    for value in values:
        assert client.predict([ROW | {"city": value}]).status_code == 200


def test_an_example_keeps_the_contract_also_where_training_saw_nothing():
    columns = (
        Column(name="year", kind="number", lowest=1900, required=True),
        Column(name="city", kind="category", allowed=("Oslo",), required=True),
    )
    schema = DataSchema(columns=columns, target=Target(name="y", task="regression"))

    assert example_row(schema) == {"year": 1900, "city": "Oslo"}


def test_an_example_stays_within_a_range_that_is_narrower_than_its_digits():
    column = Column(name="hPa", kind="number", lowest=1013.26, minimum=1013.26, maximum=1013.27)
    schema = DataSchema(columns=(column,), target=Target(name="y", task="regression"))

    assert example_row(schema) == {"hPa": 1013.26}
