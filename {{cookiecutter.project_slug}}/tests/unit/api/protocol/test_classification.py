import numpy as np

from {{ cookiecutter.package_name }}_api.protocol.classification import (
    likeliest_classes,
)

SCORES = np.array([[0.2, 0.5, 0.3], [0.4, 0.2, 0.4]], dtype=np.float32)
CLASSES = ("a", "b:c", "d")


def test_the_likeliest_classes_come_first_and_of_equal_ones_the_first():
    assert likeliest_classes(SCORES, CLASSES, 2).tolist() == [
        ["0.500000:1:b:c", "0.300000:2:d"],
        ["0.400000:0:a", "0.400000:2:d"],
    ]


def test_there_are_no_more_than_the_classes():
    assert likeliest_classes(SCORES, CLASSES, 9).shape == (2, 3)
