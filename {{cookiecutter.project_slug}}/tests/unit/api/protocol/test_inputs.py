"""Tensors that the model does not take, each with the sentence that says so."""

import pytest
from fastapi import HTTPException

from {{ cookiecutter.package_name }}_api.protocol.inputs import features_of

NUMERIC = {"name": "numeric", "shape": [1, 2], "datatype": "FP32", "data": [60, 1.5]}
CITY = {"name": "categorical", "shape": [1, 1], "datatype": "BYTES", "data": ["Oslo"]}


def refused(inputs, predictor, rest=b""):
    with pytest.raises(HTTPException) as caught:
        features_of({"inputs": inputs}, memoryview(rest), predictor, 5)
    assert caught.value.status_code == 400
    return caught.value.detail


@pytest.mark.parametrize(
    ("inputs", "sentence"),
    [
        (None, "Expected an array as 'inputs', got null."),
        ([], "Expected 'numeric' and 'categorical' in 'inputs'; missing: 'numeric' and"),
        ([NUMERIC], "Expected 'numeric' and 'categorical' in 'inputs'; missing: 'categorical'."),
        ([NUMERIC, NUMERIC, CITY], "'numeric' stands twice in 'inputs'."),
        ([NUMERIC, 7], "Expected an object in 'inputs', got 7."),
        (
            [NUMERIC, CITY | {"name": "age"}],
            "Expected 'numeric' and 'categorical' in 'inputs', got 'age'.",
        ),
        ([NUMERIC, CITY | {"name": []}], "in 'inputs', got an array."),
        ([NUMERIC | {"data": None}, CITY], "'numeric': expected an array as 'data', got null."),
    ],
)
def test_inputs_that_are_not_the_models_are_told(inputs, sentence, fake_predictor):
    assert sentence in refused(inputs, fake_predictor)


@pytest.mark.parametrize("datatype", ["FP64", "fp32", None, 32, ["FP32"]])
def test_another_datatype_is_told(datatype, fake_predictor):
    sentence = refused([NUMERIC | {"datatype": datatype}, CITY], fake_predictor)

    assert sentence.startswith("Expected the datatype FP32 for 'numeric', got ")


@pytest.mark.parametrize(
    ("shape", "got"),
    [
        (None, "null"),
        ([2], "[2]"),
        ([1, 3], "[1,3]"),
        ([0, 2], "[0,2]"),
        ([6, 2], "[6,2]"),
        ([-1, 2], "[-1,2]"),
        ([True, 2], "[true,2]"),
        ([1.0, 2], "[1.0,2]"),
        ([1, 2, 1], "[1,2,1]"),
        ([10**30, 2], "[1000000000000000000000000000000,2]"),
        (list(range(9)), "[0,1,2,3,4,…]"),
    ],
)
def test_another_shape_is_told_with_the_limit(shape, got, fake_predictor):
    assert refused([NUMERIC | {"shape": shape}, CITY], fake_predictor) == (
        f"Expected the shape [rows,2] with 1 to 5 rows for 'numeric', got {got}."
    )


def test_tensors_of_unlike_numbers_of_rows_are_told(fake_predictor):
    two = CITY | {"shape": [2, 1], "data": ["a", "b"]}

    assert refused([NUMERIC, two], fake_predictor) == (
        "Expected as many rows for 'numeric' and 'categorical', got 1 and 2."
    )


@pytest.mark.parametrize(
    ("parameters", "sentence"),
    [
        ({"binary_data_size": 8}, "'numeric': expected 'data' or 'binary_data_size', got both."),
        ({"binary_data_size": -1}, "'numeric': expected a number of bytes as"),
        ({"binary_data_size": True}, "'numeric': expected a number of bytes as"),
        ({"shared_memory_region": "a"}, "'shared_memory_region' of 'numeric': this server shares"),
        ([1], "Expected an object as 'parameters' of 'numeric', got an array."),
    ],
)
def test_parameters_that_cannot_be_are_told(parameters, sentence, fake_predictor):
    told = refused([NUMERIC | {"parameters": parameters}, CITY], fake_predictor)

    assert told.startswith(sentence)


def test_fewer_bytes_than_promised_are_told(fake_predictor):
    sized = {key: value for key, value in NUMERIC.items() if key != "data"}
    sized["parameters"] = {"binary_data_size": 8}

    told = refused([sized, CITY], fake_predictor, b"1234")

    assert told == "'numeric': expected 8 bytes after the JSON, got 4."


def test_bytes_that_no_input_takes_are_told(fake_predictor):
    told = refused([NUMERIC, CITY], fake_predictor, b"1234")

    assert told == "The body has 4 bytes more than its inputs take."


def test_the_largest_batch_is_taken_in_any_order_of_the_inputs(fake_predictor):
    most = [CITY | {"shape": [5, 1], "data": ["a"] * 5}]
    most += [NUMERIC | {"shape": [5, 2], "data": [1] * 10}]

    assert len(features_of({"inputs": most}, memoryview(b""), fake_predictor, 5)) == 5
