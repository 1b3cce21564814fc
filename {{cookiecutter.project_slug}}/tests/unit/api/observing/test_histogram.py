import math

import numpy as np
import pytest
from prometheus_client import CollectorRegistry, Histogram, generate_latest

from {{ cookiecutter.package_name }}_api.observing.histogram import BulkHistogram

BUCKETS = (-1.0, 0.0, 0.5, 2.0)
VALUES = [-5, -1, -1, 0, 0.25, 0.5, 0.500001, 2, 3, 1e9]


def page(kind, labels, observe):
    registry = CollectorRegistry()
    histogram = kind("seconds", "Seconds", labels, buckets=BUCKETS, registry=registry)
    observe(histogram.labels("x") if labels else histogram)
    lines = generate_latest(registry).decode().splitlines()
    return [line for line in lines if "_created" not in line]


@pytest.mark.parametrize("labels", [[], ["route"]])
@pytest.mark.parametrize("values", [VALUES, np.array(VALUES, np.float32), [], [math.inf]])
def test_many_values_enter_as_they_would_one_by_one(labels, values):
    def one_by_one(histogram):
        for value in values:
            histogram.observe(float(value))

    at_once = page(BulkHistogram, labels, lambda histogram: histogram.observe_all(values))

    assert at_once == page(Histogram, labels, one_by_one)
