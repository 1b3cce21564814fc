"""The quick way to a model's arrays says what the careful way says."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from {{ cookiecutter.package_name }}.data.chunks import Chunk
from {{ cookiecutter.package_name }}.data.columns import from_table
from {{ cookiecutter.package_name }}.inference import features
from {{ cookiecutter.package_name }}.inference.contract import model_columns
from {{ cookiecutter.package_name }}.inference.features import FeatureReader
from {{ cookiecutter.package_name }}.schemas.dataset import (
    Column,
    DataSchema,
    Target,
)
from {{ cookiecutter.package_name }}.schemas.errors import DataContractError

SOURCE = Path("rows.parquet")
TARGET = Target(name="price", task="regression")
LARGEST = float(np.finfo(np.float32).max)
EDGES = [0.0, -0.0, 0.1, -1e-60, 1.0, 1 + 1e-12, 1 - 1e-12, 1e300, np.inf, np.nan, None, LARGEST]


def column(**rules):
    return Column(name="x", kind="number", **rules)


def schema_of(*columns):
    return DataSchema(columns=columns, target=TARGET)


def read(table, schema):
    return FeatureReader(schema, SOURCE).read(Chunk(table, first_row=1, share=1.0))


def outcome(action):
    """What came of it: the arrays, or the sentence."""
    try:
        found = action()
    except DataContractError as error:
        return str(error)
    return found.numeric.tolist(), found.categorical.tolist()


@example([-1e-60], pa.float64(), {"lowest": 0.0})
@example([1 + 1e-12], pa.float64(), {"highest": 1.0})
@example([0.5, None], pa.float64(), {"required": True})
@example([0.5, np.nan], pa.float32(), {"required": True})
@given(
    st.lists(st.sampled_from(EDGES) | st.floats(allow_nan=False), min_size=1),
    st.sampled_from([pa.float64(), pa.float32(), pa.string()]),
    st.sampled_from([{}, {"lowest": 0.0}, {"highest": 1.0}, {"lowest": 0.1}, {"required": True}]),
)
def test_both_ways_agree_on_every_number(values, type_, rules):
    texts = type_ == pa.string()
    array = pa.array([None if v is None else str(v) for v in values] if texts else values)
    table = pa.table({"x": array.cast(type_, safe=False)})
    schema = schema_of(column(**rules))

    quick = outcome(lambda: read(table, schema))
    careful = outcome(lambda: from_table(model_columns(table, schema, SOURCE, 1), schema))

    assert str(quick) == str(careful)


def test_large_whole_numbers_are_rounded_as_everywhere():
    numbers = [2**60 + 2**36 + 1, -(2**62) - 3]
    schema = schema_of(column())

    found = [read(pa.table({"x": pa.array(numbers)}), schema).numeric.tolist()]
    found.append(
        read(pa.table({"x": pa.array([str(n) for n in numbers])}), schema).numeric.tolist()
    )

    assert found[0] == found[1]


@pytest.mark.parametrize("type_", [pa.int8(), pa.uint64(), pa.int64(), pa.float16()])
def test_whole_numbers_and_missing_ones_arrive(type_):
    array = pa.array([None, 1, 100], pa.int64()).cast(type_)

    found = read(pa.table({"x": array}), schema_of(column())).numeric

    np.testing.assert_array_equal(found, np.float32([[np.nan], [1], [100]]))
    assert found.dtype == np.float32


def test_a_piece_in_which_all_is_well_is_looked_at_once(monkeypatch):
    monkeypatch.setattr(features, "model_columns", None)
    table = pa.table({"x": [0.0, 8.0, 16.0], "y": [1, 2, None], "other": ["a", "b", "c"]})
    ranged = column(lowest=0.0, highest=16.0, required=True)
    schema = schema_of(ranged, Column(name="y", kind="number"))

    found = read(table, schema)

    np.testing.assert_array_equal(found.numeric, np.float32([[0, 1], [8, 2], [16, np.nan]]))
    assert found.categorical.shape == (3, 0)


def test_categories_are_read_beside_numbers(mixed_schema):
    table = pa.table({"income": [1.0, 2.0], "city": ["Oslo", "NA"], "age": [20, 60]})

    found = read(table, mixed_schema)

    assert found.numeric.tolist() == [[20, 1], [60, 2]]
    assert found.categorical.tolist() == [["Oslo"], [""]]


def test_all_columns_are_told_of_at_once():
    city = Column(name="city", kind="category", allowed=("Bergen", "Oslo"))
    schema = schema_of(column(highest=90.0), city, Column(name="y", kind="number"))
    table = pa.table({"x": [91.0, 1.0], "city": ["Rome", "Oslo"], "y": [0.0, np.inf]})

    with pytest.raises(DataContractError) as raised:
        read(table, schema)

    assert str(raised.value).splitlines() == [
        "'rows.parquet', row 1, column 'x': expected a number of at most 90, got '91.0'.",
        "'rows.parquet', row 1, column 'city': expected one of 'Bergen', 'Oslo', got 'Rome'.",
        "'rows.parquet', row 2, column 'y': expected a finite number, got 'inf'.",
    ]
