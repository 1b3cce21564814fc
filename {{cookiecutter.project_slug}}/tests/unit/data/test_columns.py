"""Columns of tables become arrays."""

import datetime as dt

import numpy as np
import pyarrow as pa
import pytest

from {{ cookiecutter.package_name }}.data.columns import category_texts, from_table
from {{ cookiecutter.package_name }}.schemas.errors import DataContractError, InvalidRequest


def test_a_column_is_spelled_like_its_values():
    words = pa.chunked_array([["b", None], ["a", "b"]])

    assert category_texts(words, "c").to_pylist() == ["b", "", "a", "b"]
    assert category_texts(words.dictionary_encode(), "c").to_pylist() == ["b", "", "a", "b"]
    assert category_texts(pa.chunked_array([], pa.string()), "c").to_pylist() == []


def test_moments_of_any_resolution_are_spelled_alike():
    moment = dt.datetime(2024, 5, 1, 12, 30, 0, 5)

    spelled = {
        category_texts(pa.chunked_array([pa.array([moment], pa.timestamp(unit))]), "c")[0].as_py()
        for unit in ("us", "ns")
    }

    assert spelled == {"2024-05-01 12:30:00.000005"}


SPELLED = [
    (pa.array([0.1, 1.5, 3.0, None], pa.float32()), ["0.1", "1.5", "3", ""]),
    (pa.array([0.1], pa.float16()), ["0.1"]),
    (pa.array(["1.00", "1.50", "100"]).cast(pa.decimal128(10, 2)), ["1", "1.5", "100"]),
    (pa.array([0, 10**7, None], pa.date32()), ["1970-01-01", "29349-01-26", ""]),
    (pa.array([1001], pa.time64("ns")), ["00:00:00.000001"]),
]


@pytest.mark.parametrize(("values", "texts"), SPELLED)
def test_a_file_spells_values_as_a_request_does(values, texts):
    assert category_texts(pa.chunked_array([values]), "c").to_pylist() == texts


NO_MOMENTS = [
    pa.array([2**62], pa.timestamp("us")),
    pa.array([10**17], pa.timestamp("ms")),
    pa.array([0], pa.timestamp("us", "Mars/Base")),
]


@pytest.mark.parametrize("values", NO_MOMENTS)
def test_moments_that_have_no_spelling_are_one_sentence(values):
    with pytest.raises(DataContractError, match=r"^Column 'c' holds timestamp.*1 to 9999, in a"):
        category_texts(pa.chunked_array([values]), "c")


def test_rows_become_arrays_by_kind_in_the_order_of_the_schema(mixed_schema):
    table = pa.table({"income": [1, None], "extra": [0, 0], "city": [None, "Oslo"], "age": [2, 3]})

    features = from_table(table, mixed_schema)

    np.testing.assert_array_equal(features.numeric, np.float32([[2, 1], [3, np.nan]]))
    assert features.numeric.dtype == np.float32
    assert features.categorical.tolist() == [[""], ["Oslo"]]
    assert len(features) == 2
    assert features[:1].numeric.tolist() == [[2, 1]]


def test_missing_columns_and_text_for_numbers_are_named(mixed_schema):
    with pytest.raises(InvalidRequest) as missing:
        from_table(pa.table({"age": [1]}), mixed_schema)
    with pytest.raises(InvalidRequest, match="column 'age': expected numbers, got string"):
        from_table(pa.table({"age": ["x"], "city": ["y"], "income": [1]}), mixed_schema)

    assert str(missing.value) == (
        "column 'city': is missing from the table\ncolumn 'income': is missing from the table"
    )
