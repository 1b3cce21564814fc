import math

import pyarrow as pa
import pytest

from {{ cookiecutter.package_name }}.data.labels import labels_of, padded
from {{ cookiecutter.package_name }}.schemas.errors import DataContractError


def spelled(values, declared=None, kept=False, of=None):
    raw = pa.chunked_array([pa.array(values, of)])
    return labels_of("y", raw, declared, kept=kept).values.to_pylist()


BIG = 2**53


@pytest.mark.parametrize(
    ("values", "of", "texts"),
    [
        ([BIG, BIG + 1, None], pa.int64(), [str(BIG), str(BIG + 1), None]),
        ([2**64 - 1], pa.uint64(), [str(2**64 - 1)]),
        ([1.0, 0.5, math.nan], pa.float64(), ["1", "0.5", None]),
        ([0.1], pa.float32(), ["0.1"]),
        ([str(BIG), str(BIG + 1), ""], None, [str(BIG), str(BIG + 1), None]),
        (["1", "1.0", " +1 ", "1e0", "01"], None, ["1"] * 5),
        (["1_0", "inf", "word", "1.5"], None, ["1_0", "inf", "word", "1.5"]),
    ],
)
def test_a_label_has_one_spelling_and_all_of_its_digits(values, of, texts):
    assert spelled(values, of=of) == texts


def test_texts_stay_where_they_are_declared_or_kept():
    assert spelled(["007", "7.0", "012"], declared=("007", "7")) == ["007", "7", "012"]
    assert spelled(["007", "7"], kept=True) == ["007", "7"]


def test_a_number_without_end_is_no_label():
    with pytest.raises(DataContractError) as raised:
        spelled([1.0, -math.inf])

    assert str(raised.value) == (
        "Column 'y' has -inf as a label: expected finite numbers, or text."
    )


def test_a_zero_before_other_digits_makes_a_code():
    def coded(*texts):
        return padded(pa.chunked_array([pa.array(texts, pa.string())]))

    assert coded("1", "007")
    assert not coded("0", "0.5", "10", None)
    assert not coded()
    assert not padded(pa.chunked_array([[7]]))
