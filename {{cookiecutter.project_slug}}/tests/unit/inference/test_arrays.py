"""Rows as bytes: what is taken, and what is said of what is not."""

import io

import numpy as np
import pytest

from {{ cookiecutter.package_name }}.inference.arrays import from_npy, from_octets
from {{ cookiecutter.package_name }}.inference.predictor import Predictor
from {{ cookiecutter.package_name }}.schemas.dataset import Column, DataSchema, Target
from {{ cookiecutter.package_name }}.schemas.errors import InvalidRequest

ROWS = [[1.5, 2.0], [3.0, 0.1]]
TARGET = Target(name="y", task="regression")
IMAGE = DataSchema(
    columns=tuple(Column(name=f"p{place}", kind="number") for place in range(4)),
    target=TARGET,
    image_shape=(1, 2, 2),
)


@pytest.fixture
def predictor(fake_runtime, describe_model) -> Predictor:
    columns = (
        Column(name="x", kind="number", lowest=0.1, highest=9, required=True),
        Column(name="z", kind="number", lowest=0.1),
    )
    return Predictor(fake_runtime, describe_model(DataSchema(columns=columns, target=TARGET)))


def saved(array) -> bytes:
    file = io.BytesIO()
    np.save(file, array, allow_pickle=True)
    return file.getvalue()


def told(refused) -> list[tuple[int | None, str | None, str]]:
    return [(error.row, error.field, error.message) for error in refused.value.errors]


def test_octets_are_rows_of_little_endian_32_bit_floats(predictor):
    features = from_octets(predictor, np.array(ROWS, "<f4").tobytes(), 5)

    np.testing.assert_array_equal(features.numeric, np.array(ROWS, np.float32))
    assert features.categorical.shape == (2, 0)


@pytest.mark.parametrize("kind", ["<f2", "<f4", ">f4", "<f8", ">f8"])
@pytest.mark.parametrize("order", ["C", "F"])
def test_a_numpy_file_may_hold_any_floats_in_any_order(predictor, kind, order):
    rows = np.array([[1.5, 2.0], [3.0, 4.25], [5.0, 0.5]]).astype(kind, order=order)

    features = from_npy(predictor, saved(rows), 5)

    assert features.numeric.dtype == np.float32
    np.testing.assert_array_equal(features.numeric, rows.astype(np.float32))


@pytest.mark.parametrize("kind", ["i1", "u1", ">i2", "u4", "<i8", "u8"])
def test_a_numpy_file_may_hold_integers(predictor, kind):
    features = from_npy(predictor, saved(np.array([[1, 2]], kind)), 5)

    assert features.numeric.tolist() == [[1, 2]]


def test_a_numpy_file_may_hold_pictures(fake_runtime, describe_model):
    pictures = np.arange(8, dtype=np.float32).reshape(2, 1, 2, 2)

    features = from_npy(Predictor(fake_runtime, describe_model(IMAGE)), saved(pictures), 5)

    assert features.numeric.tolist() == [[0, 1, 2, 3], [4, 5, 6, 7]]


def test_nan_is_a_missing_value_where_there_may_be_one(predictor):
    features = from_octets(predictor, np.array([[1, np.nan]], "<f4").tobytes(), 5)
    with pytest.raises(InvalidRequest) as refused:
        from_octets(predictor, np.array([[np.nan, 1]], "<f4").tobytes(), 5)

    assert np.isnan(features.numeric[0, 1])
    assert told(refused) == [(0, "x", "expected a number from 0.1 to 9, got null")]


def test_a_float_that_rounds_to_a_limit_is_within_it(predictor):
    assert len(from_octets(predictor, np.array([[0.1, 0.1]], "<f4").tobytes(), 5)) == 1


def test_what_the_contract_refuses_is_named_by_row_and_column(predictor):
    rows = np.array([[1, 1], [9.5, 1], [1, np.inf]])

    for read, body in ((from_octets, rows.astype("<f4").tobytes()), (from_npy, saved(rows))):
        with pytest.raises(InvalidRequest) as refused:
            read(predictor, body, 5)
        assert told(refused) == [
            (1, "x", "expected a number from 0.1 to 9, got 9.5"),
            (2, "z", "expected a number of at least 0.1 (null where it is missing), got inf"),
        ]


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", "expected an array of 1 to 2 rows, got 0 rows"),
        (bytes(8 * 3), "expected an array of 1 to 2 rows, got 3 rows"),
        (bytes(9), "expected a multiple of 8 bytes (2 columns of 32-bit floats), got 9 bytes"),
    ],
)
def test_octets_that_are_no_rows_are_refused_with_the_length_expected(predictor, body, message):
    with pytest.raises(InvalidRequest) as refused:
        from_octets(predictor, body, 2)

    assert told(refused) == [(None, None, message)]


NO_FILE = "expected a file as numpy.save writes it; its header is none"
NO_NUMBERS = "expected an array of floats or integers of up to 64 bits, got "
GOOD = saved(np.ones((1, 2)))


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", NO_FILE),
        (b"PK\x03\x04", NO_FILE),
        (GOOD[:40], NO_FILE),
        (GOOD.replace(b"(1, 2)", b"(1+1) "), NO_FILE),
        (GOOD.replace(b"(1, 2)", b"[1, 2]"), NO_FILE),
        (GOOD[:6] + b"\x09" + GOOD[7:], NO_FILE),
        (GOOD[:-1], "expected 16 bytes after the header, got 15"),
        (GOOD + b"x", "expected 16 bytes after the header, got 17"),
        (saved(np.ones((3, 2))), "expected an array of 1 to 2 rows, got 3 rows"),
        (saved(np.ones((0, 2))), "expected an array of 1 to 2 rows, got 0 rows"),
        (saved(np.ones(2)), "expected an array of shape (rows, 2), got (2,)"),
        (saved(np.ones((1, 3))), "expected an array of shape (rows, 2), got (1, 3)"),
        (saved(np.ones((1, 2, 1))), "expected an array of shape (rows, 2), got (1, 2, 1)"),
        (saved(np.float64(1)), "expected an array of shape (rows, 2), got ()"),
        (saved(np.ones((1, 2), bool)), NO_NUMBERS + "bool"),
        (saved(np.ones((1, 2), complex)), NO_NUMBERS + "complex128"),
        (saved(np.array([["1", "2"]])), NO_NUMBERS + "<U1"),
        (saved(np.array([[None, 1]], object)), NO_NUMBERS + "object"),
        (saved(np.ones((1, 2), "m8[s]")), NO_NUMBERS + "timedelta64[s]"),
        (GOOD.replace(b"(1, 2)", b"(-1,2)"), "expected an array of 1 to 2 rows, got -1 rows"),
    ],
)
def test_a_file_that_is_no_rows_is_refused_with_what_was_expected(predictor, body, message):
    with pytest.raises(InvalidRequest) as refused:
        from_npy(predictor, body, 2)

    assert told(refused) == [(None, None, message)]
