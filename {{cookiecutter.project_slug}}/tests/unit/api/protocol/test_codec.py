import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from {{ cookiecutter.package_name }}_api.protocol.codec import from_bytes, from_json, to_bytes
from {{ cookiecutter.package_name }}_api.protocol.tensors import Tensor

NUMBERS = Tensor("numeric", "FP32", 2)
TEXTS = Tensor("categorical", "BYTES", 1)


@given(st.lists(st.text(), min_size=1, max_size=5))
def test_texts_survive_the_way_to_bytes_and_back(texts):
    written = to_bytes(np.array(texts, dtype=object))

    assert from_bytes(memoryview(written), TEXTS, len(texts)).ravel().tolist() == texts


@given(st.lists(st.floats(width=32), min_size=2, max_size=2))
def test_numbers_survive_the_way_to_bytes_and_back(numbers):
    written = to_bytes(np.array(numbers, dtype=np.float32))

    np.testing.assert_array_equal(from_bytes(memoryview(written), NUMBERS, 1), [numbers])


@given(st.binary(max_size=40), st.integers(1, 3))
def test_any_bytes_are_texts_or_refused(content, rows):
    try:
        found = from_bytes(memoryview(content), TEXTS, rows)
    except ValueError:
        return

    assert to_bytes(found) == content


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", r"end within element \[0,0\] of 2"),
        (b"\x01\0\0", r"end within element \[0,0\] of 2"),
        (b"\x01\0\0\0a", r"end within element \[1,0\] of 2"),
        (b"\x01\0\0\0a\xff\xff\xff\xffb", r"end within element \[1,0\] of 2"),
        (b"\x01\0\0\0a\x01\0\0\0bc", "expected 2 elements, got 1 byte more than they take"),
        (b"\x01\0\0\0\xff\x01\0\0\0b", r"expected UTF-8 as element \[0,0\]"),
    ],
)
def test_bytes_that_are_not_so_many_texts_are_told(content, sentence):
    with pytest.raises(ValueError, match=sentence):
        from_bytes(memoryview(content), TEXTS, 2)


def test_bytes_that_are_not_so_many_numbers_are_told():
    with pytest.raises(ValueError, match=r"expected 16 bytes for the shape \[2,2\], got 12"):
        from_bytes(memoryview(bytes(12)), NUMBERS, 2)


def test_numbers_are_little_endian():
    found = from_bytes(memoryview(struct.pack("<2f", 1, 2.5)), NUMBERS, 1)

    assert found.tolist() == [[1, 2.5]]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (None, "expected an array as 'data', got null"),
        ("1,2", "expected an array as 'data', got '1,2'"),
        ([1, 2, 3], r"expected 4 elements for the shape \[2,2\], got 3"),
        ([1, 2, "3", 4], r"expected a number as element \[1,0\], got '3'"),
        ([1, True, 3, 4], r"expected a number as element \[0,1\], got true"),
        ([1, 2, 3, [4]], r"expected a number as element \[1,1\], got an array"),
        ([[1, 2], [3]], "expected 2 elements in each row of 'data'"),
        ([[1, 2], 3, 4], "expected 2 elements in each row of 'data'"),
        ([[1, 2], [3, [4]]], r"expected a number as element \[1,1\], got an array"),
        ([[1, 2]], r"expected 4 elements for the shape \[2,2\], got 2"),
        ([1, 2, 3, 10**400], "more than 308 digits"),
    ],
)
def test_json_that_is_not_so_many_numbers_is_told(data, sentence):
    with pytest.raises(ValueError, match=sentence):
        from_json(data, NUMBERS, 2)


@pytest.mark.parametrize("wrong", [1, False, {"b64": ""}])
def test_json_that_is_not_texts_is_told(wrong):
    with pytest.raises(ValueError, match=r"expected a text as element \[1,0\]"):
        from_json(["a", wrong], TEXTS, 2)


def test_null_is_a_missing_number_and_a_missing_text():
    assert np.isnan(from_json([None, 1], NUMBERS, 1)[0, 0])
    assert from_json([None], TEXTS, 1).tolist() == [[""]]
