import numpy as np
import pyarrow as pa
import pytest

from {{ cookiecutter.package_name }}.data.arrays import (
    array_of,
    has_nan,
    joined,
    null,
    numpy_of,
    range_of,
    stacked,
    text,
    texts_of,
)


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.int64, np.int8, np.uint64])
def test_numbers_go_there_and_back(dtype):
    numbers = np.arange(6, dtype=dtype)[::2]

    column = array_of(numbers)

    assert column.to_pylist() == [0, 2, 4]
    assert column.type == pa.from_numpy_dtype(dtype)
    np.testing.assert_array_equal(numpy_of(column), numbers)
    assert numpy_of(column).dtype == dtype


@pytest.mark.parametrize("type_", [pa.float32(), pa.float64()])
def test_a_missing_number_is_nan(type_):
    column = pa.chunked_array([pa.array([1.5], type_), pa.array([None, 2], type_)])

    np.testing.assert_array_equal(numpy_of(column), [1.5, np.nan, 2])


def test_a_column_without_chunks_is_empty():
    assert numpy_of(pa.chunked_array([], pa.float32())).shape == (0,)
    assert joined(pa.chunked_array([], pa.string())).type == pa.string()


def test_texts_of_any_script_arrive():
    words = ["", "a", "Öl", "日本", 'say "hi"\n', "😀"]

    assert texts_of(words).to_pylist() == words
    assert texts_of([]).to_pylist() == []
    assert texts_of([]).type == pa.string()


def test_scalars_have_their_type():
    assert (text("é").as_py(), text("").as_py()) == ("é", "")
    assert null(pa.float32()).type == pa.float32()
    assert not null(pa.string()).is_valid


@pytest.mark.parametrize("shape", [(0, 3), (3, 0), (5000, 1), (4096, 16), (9000, 37)])
def test_columns_are_stacked_to_a_matrix(shape):
    matrix = np.random.default_rng(0).normal(size=shape)

    found = stacked(list(matrix.T), len(matrix))

    np.testing.assert_array_equal(found, matrix.astype(np.float32))
    assert found.flags.c_contiguous


def test_what_is_too_large_for_float32_is_infinite():
    columns = [np.array([1e300, -1e300, np.nan]), np.array([1, 2, 3], dtype=np.int8)]

    np.testing.assert_array_equal(stacked(columns, 3), [[np.inf, 1], [-np.inf, 2], [np.nan, 3]])


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ([1.0, 2.0], False),
        ([1.0, np.nan], True),
        ([None, 1.0], False),
        ([None, np.nan], True),
        ([], False),
    ],
)
def test_a_nan_is_found_with_and_without_missing_values(values, found):
    whole = pa.chunked_array([pa.array([np.nan, *values], pa.float64()).slice(1)])

    assert has_nan(whole) is found


def test_the_range_of_a_column_is_over_all_its_pieces():
    pieces = [pa.array([2.0, None]), pa.array([], pa.float64()), pa.array([-1.0, 7.5])]

    assert range_of(pa.chunked_array(pieces)) == (-1.0, 7.5)
    assert range_of(pa.chunked_array([pa.array([None], pa.float64())])) == (None, None)
