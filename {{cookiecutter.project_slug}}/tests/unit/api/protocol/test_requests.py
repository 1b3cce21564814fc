"""Bodies and what they ask for, beside the tensors in them."""

import json
from contextlib import suppress

import pytest
from fastapi import HTTPException
from hypothesis import given
from hypothesis import strategies as st

from {{ cookiecutter.package_name }}.schemas.errors import InvalidRequest
from {{ cookiecutter.package_name }}_api.protocol.requests import read

ROWS = {
    "inputs": [
        {"name": "numeric", "shape": [1, 2], "datatype": "FP32", "data": [60, 1.5]},
        {"name": "categorical", "shape": [1, 1], "datatype": "BYTES", "data": ["Oslo"]},
    ]
}
BODY = json.dumps(ROWS).encode()


def refused(predictor, body, header=None):
    with pytest.raises(HTTPException) as caught:
        read(body, header, predictor, 5)
    assert caught.value.status_code == 400
    return caught.value.detail


@pytest.mark.parametrize("header", ["x", "-1", "", "1e3", "٣", "9" * 500, str(len(BODY) + 1)])
def test_a_length_of_the_json_that_cannot_be_is_told(header, fake_predictor):
    told = refused(fake_predictor, BODY, header)

    assert f"Expected 0 to {len(BODY)}, the length of the body" in told
    assert len(told) < 200


def test_a_length_that_cuts_the_json_is_told(fake_predictor):
    assert "not JSON" in refused(fake_predictor, BODY, str(len(BODY) - 1))


def test_a_length_of_the_whole_body_is_the_same_as_none(fake_predictor):
    assert read(BODY, str(len(BODY)), fake_predictor, 5).features.numeric.tolist() == [[60, 1.5]]


@pytest.mark.parametrize("body", [b"[]", b"7", b"null", b'"x"'])
def test_a_body_that_is_no_object_is_told(body, fake_predictor):
    assert refused(fake_predictor, body).startswith("Expected an object, got ")


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"id": 42}, "Expected a text as 'id', got 42."),
        ({"outputs": "label"}, "Expected an array as 'outputs', got 'label'."),
        (
            {"outputs": [{"name": "odds"}]},
            "Expected 'label' and 'probabilities' in 'outputs', got 'odds'.",
        ),
        ({"outputs": [{"name": "label"}] * 2}, "'label' stands twice in 'outputs'."),
        (
            {"outputs": [{"name": "label", "parameters": {"binary_data": 1}}]},
            "Expected true or false as 'binary_data' of 'label', got 1.",
        ),
        (
            {"outputs": [{"name": "probabilities", "parameters": {"classification": 0}}]},
            "Expected 1 or more as 'classification' of 'probabilities', got 0.",
        ),
        (
            {"outputs": [{"name": "label", "parameters": {"classification": 1}}]},
            "'classification' of 'label': only 'probabilities' are of classes.",
        ),
        (
            {"outputs": [{"name": "label", "parameters": {"shared_memory_region": "a"}}]},
            "'shared_memory_region' of 'label': this server shares no memory with clients.",
        ),
        (
            {"parameters": {"binary_data_output": "yes"}},
            "Expected true or false as 'binary_data_output' of the request, got 'yes'.",
        ),
        ({"parameters": []}, "Expected an object as 'parameters' of the request, got an array."),
    ],
)
def test_what_cannot_be_asked_for_is_told(more, sentence, fake_predictor):
    assert refused(fake_predictor, json.dumps(ROWS | more).encode()) == sentence


def test_what_means_nothing_here_is_left_alone(fake_predictor):
    more = {"parameters": {"priority": 1, "timeout": 5}, "outputs": None, "id": None, "x": 1}

    asked = read(json.dumps(ROWS | more).encode(), None, fake_predictor, 5)

    told = [(wanted.tensor.name, wanted.binary, wanted.classes) for wanted in asked.outputs]
    assert told == [("label", False, 0), ("probabilities", False, 0)]


_ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["name", "shape", "datatype", "data", "parameters"]), inner, max_size=4
        )
    ),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from(["inputs", "outputs", "id", "parameters"]), _ANYTHING))
def test_any_json_is_a_request_or_refused(mixed_schema_predictor, content):
    body = json.dumps(content | {"inputs": content.get("inputs", ROWS["inputs"])}).encode()

    with suppress(HTTPException, InvalidRequest):
        asked = read(body, None, mixed_schema_predictor, 5)

        assert 1 <= len(asked.features) <= 5


@pytest.fixture(scope="module")
def mixed_schema_predictor(mixed_schema, describe_model):
    from {{ cookiecutter.package_name }}.inference.predictor import Predictor

    return Predictor(None, describe_model(mixed_schema))
