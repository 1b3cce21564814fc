import numpy as np
import pytest

from {{ cookiecutter.package_name }}.data.features import Features
from {{ cookiecutter.package_name }}.schemas.dataset import Column, DataSchema, Target
from {{ cookiecutter.package_name }}.training.encoder import Encoder

PRICE = Target(name="price", task="regression")


def numbers(*columns):
    """Features of number columns alone, with their schema."""
    numeric = np.array(columns, dtype=np.float32).T
    schema = DataSchema(
        columns=tuple(Column(name=f"n{i}", kind="number") for i in range(len(columns))),
        target=PRICE,
    )
    return Features(numeric, np.empty((len(numeric), 0), dtype=object)), schema


def categories(values, *vocabularies):
    """Features of category columns alone, with their schema."""
    categorical = np.array(values, dtype=object)
    schema = DataSchema(
        columns=tuple(
            Column(name=f"c{i}", kind="category", categories=known)
            for i, known in enumerate(vocabularies)
        ),
        target=PRICE,
    )
    return Features(np.empty((len(categorical), 0), dtype=np.float32), categorical), schema


def test_a_missing_number_is_the_median_before_it_is_standardised():
    features, schema = numbers([1, 2, np.nan, 9])

    encoder = Encoder.fit(features, schema)

    filled = np.array([1, 2, 2, 9])
    assert encoder.medians.tolist() == [2]
    np.testing.assert_allclose(encoder.means, [filled.mean()])
    np.testing.assert_allclose(encoder.scales, [filled.std()])
    np.testing.assert_allclose(
        encoder.encode(features)[:, 0], (filled - filled.mean()) / filled.std(), rtol=1e-6
    )


def test_statistics_are_those_of_fitting_whatever_is_encoded_later():
    features, schema = numbers([0, 2])
    encoder = Encoder.fit(features, schema)

    later, _ = numbers([4, np.nan])

    assert encoder.encode(later)[:, 0].tolist() == [3, 0]


def test_a_column_that_was_never_seen_encodes_as_zeros():
    features, schema = numbers([np.nan, np.nan], [1, 3])

    encoder = Encoder.fit(features, schema)

    assert encoder.encode(features).tolist() == [[0, -1], [0, 1]]


@pytest.mark.parametrize("value", [0.0, 0.1, 123456.7, -3e-20])
def test_a_constant_column_carries_nothing_and_does_not_explode(value):
    features, schema = numbers([value] * 1001)

    encoder = Encoder.fit(features, schema)

    later, _ = numbers([value, value + 1, np.nan])
    encoded = encoder.encode(later)[:, 0]
    assert encoder.scales.tolist() == [1]
    np.testing.assert_allclose(encoded, [0, 1, 0], atol=1e-2)


def test_categories_are_one_hot_in_the_order_of_the_schema():
    features, schema = categories([["x", "1"], ["y", "2"]], ("x", "y"), ("1", "2", "3"))

    encoder = Encoder.fit(features, schema)

    assert encoder.width == 5
    assert encoder.encode(features).tolist() == [[1, 0, 1, 0, 0], [0, 1, 0, 1, 0]]


def test_an_unknown_or_missing_category_encodes_as_zeros():
    features, schema = categories([["x"], ["y"]], ("x", "y"))

    encoder = Encoder.fit(features, schema)

    later, _ = categories([["z"], [""], ["y"]], ())
    assert encoder.encode(later).tolist() == [[0, 0], [0, 0], [0, 1]]


def test_a_missing_category_that_was_seen_is_a_category():
    features, schema = categories([[""], ["x"]], ("", "x"))

    assert Encoder.fit(features, schema).encode(features).tolist() == [[1, 0], [0, 1]]


def test_numbers_come_before_categories_and_all_is_float32(mixed_schema):
    features = Features(
        np.array([[0, 1], [2, 5]], dtype=np.float32), np.array([["Oslo"], ["Rome"]], dtype=object)
    )

    encoded = Encoder.fit(features, mixed_schema).encode(features)

    assert encoded.tolist() == [[-1, -1, 0, 1], [1, 1, 0, 0]]
    assert encoded.dtype == np.float32
