import numpy as np
import pyarrow as pa
import pytest

from {{ cookiecutter.package_name }}.data.arrays import (
    array_of,
    joined,
    null,
    numpy_of,
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
