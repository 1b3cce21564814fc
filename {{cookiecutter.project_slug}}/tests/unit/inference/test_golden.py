import numpy as np

from {{ cookiecutter.package_name }}.data.features import Features
from {{ cookiecutter.package_name }}.inference.golden import Golden
from {{ cookiecutter.package_name }}.schemas.dataset import Column, DataSchema, Target


def test_a_value_on_its_limit_is_still_taken_after_32_bits():
    columns = (
        Column(name="x", kind="number", lowest=0, highest=0.1),
        Column(name="y", kind="number", lowest=0.7, highest=1),
    )
    schema = DataSchema(columns=columns, target=Target(name="z", task="regression"))
    numeric = np.array([[0.1, 0.7], [np.nan, 1]], dtype=np.float32)
    features = Features(numeric, np.empty((2, 0), dtype=object))

    golden = Golden.of(features, schema, np.zeros((2, 1)), 1e-6)

    assert golden.inputs == ((0.1, 0.7), (None, 1.0))
    np.testing.assert_array_equal(golden.features(schema).numeric, numeric)
