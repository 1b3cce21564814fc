"""The quick reading of rows takes exactly what the careful one takes, value by value."""

import json
import math

import numpy as np
import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from {{ cookiecutter.package_name }}.inference.records import RowReader
from {{ cookiecutter.package_name }}.inference.refusals import refusals
from {{ cookiecutter.package_name }}.schemas.dataset import Column, DataSchema, Target
from {{ cookiecutter.package_name }}.schemas.errors import InvalidRequest

TARGET = Target(name="y", task="regression")
NUMBERS = DataSchema(
    columns=(
        Column(name="x", kind="number", lowest=0.1, highest=9, required=True),
        Column(name="z", kind="number"),
    ),
    target=TARGET,
)
MIXED = DataSchema(
    columns=(
        Column(name="x", kind="number"),
        Column(name="c", kind="category", allowed=("a", "true", "1")),
        Column(name="d", kind="category", required=True),
    ),
    target=TARGET,
)
EDGES = [
    0.1,
    9,
    0,
    -0.0,
    3.4028235e38,
    3.4028236e38,
    3.5e38,
    1e308,
    10**20,
    2**64,
    -(2**63),
    1e-320,
]
VALUES = st.one_of(
    st.sampled_from([*EDGES, None, True, False, "a", "", "1", "true", "TRUE", [], [1], {}]),
    st.integers(-(10**40), 10**40),
    st.floats(allow_nan=False, allow_infinity=False),
    st.floats(0.1, 9),
    st.text(max_size=3),
)


def rows_of(schema):
    names = [column.name for column in schema.columns]
    width = len(names)
    good = st.lists(st.floats(0.1, 9), min_size=width, max_size=width)
    any_array = st.lists(VALUES, min_size=width, max_size=width)
    wrong = st.lists(VALUES, max_size=width + 1)
    by_name = st.fixed_dictionaries(dict.fromkeys(names, VALUES))
    some = st.dictionaries(st.sampled_from([*names, "other"]), VALUES)
    return st.lists(st.one_of(good, good, any_array, by_name, some, wrong, VALUES), max_size=4)


def outcome(reader, rows, no_booleans):
    """What was read, as text that tells -0.0 and NaN apart; or what was refused."""
    try:
        features = reader.read(rows, 3, no_booleans=no_booleans)
    except InvalidRequest as refused:
        return [str(error) for error in refused.errors]
    assert features.numeric.dtype == np.float32
    return repr((features.numeric.tolist(), features.categorical.tolist(), features.numeric.shape))


def sent(rows):
    """The body of a request, and its rows as the service decodes them."""
    body = json.dumps(rows).encode()
    try:
        return body, orjson.loads(body)
    except orjson.JSONDecodeError:  # an integer of many digits, say: read by the standard library
        return body, json.loads(body)


@pytest.mark.parametrize("schema", [NUMBERS, MIXED], ids=["numbers", "mixed"])
@settings(max_examples=60)
@given(data=st.data())
def test_both_ways_agree_on_every_body(schema, data):
    body, rows = sent(data.draw(rows_of(schema)))
    reader = RowReader(schema)

    careful = outcome(reader, rows, no_booleans=False)
    if b"e" not in body:
        assert outcome(reader, rows, no_booleans=True) == careful
    if 1 <= len(rows) <= 3:  # and what names refusals agrees with what finds them
        wrong = [str(error) for error in refusals(rows, schema)]
        assert careful == wrong[:20] if wrong else isinstance(careful, str)


def test_numbers_alone_are_taken_without_a_look_at_each(monkeypatch):
    monkeypatch.setattr("{{ cookiecutter.package_name }}.inference.records._numbers", None)

    features = RowReader(NUMBERS).read([[1, 2.5], {"z": 3, "x": 4}], 3, no_booleans=True)

    assert features.numeric.tolist() == [[1, 2.5], [4, 3]]


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize("no_booleans", [True, False])
def test_a_number_that_json_does_not_have_is_never_taken(value, no_booleans):
    with pytest.raises(InvalidRequest):
        RowReader(NUMBERS).read([[1, value]], 3, no_booleans=no_booleans)
