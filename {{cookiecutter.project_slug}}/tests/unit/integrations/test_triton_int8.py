import logging

import numpy as np
import onnx
import pytest
from triton_graphs import HOUSES, features, house_prices
from triton_nets import PLACES, trained

from {{ cookiecutter.package_name }}.data.features import Features
from {{ cookiecutter.package_name }}.inference.predictor import Predictor
from {{ cookiecutter.package_name }}.integrations.triton_int8 import quantised
from {{ cookiecutter.package_name }}.schemas.errors import ConfigError


def points(rows: int) -> Features:
    numbers = np.random.default_rng(5).uniform(-5, 5, (rows, 2)).astype(np.float32)
    return Features(numbers, np.empty((rows, 0), dtype=object))


def test_large_operators_get_8_bits_and_answers_stay_close(tmp_path, describe_model):
    net = trained(tmp_path, describe_model(PLACES))
    before = logging.getLogger().level

    small = quantised(net.model, points(500), tmp_path / "small.onnx")

    weights = [one.data_type for one in onnx.load(small).graph.initializer]
    assert onnx.TensorProto.INT8 in weights
    was, now = (Predictor.open(path).predict(points(50)) for path in (net.model, small))
    assert Predictor.open(small).info == Predictor.open(net.model).info
    np.testing.assert_allclose(now.probabilities, was.probabilities, atol=0.05)
    assert not np.array_equal(now.probabilities, was.probabilities)
    assert logging.getLogger().level == before


def test_strings_go_through_as_they_are(tiny_model, tmp_path):
    small = quantised(tiny_model, features(200), tmp_path / "small.onnx")

    answers = Predictor.open(small).predict(features(9))
    assert (
        answers.values.tolist() == Predictor.open(tiny_model).predict(features(9)).values.tolist()
    )


def test_operator_sets_that_are_said_twice_are_no_obstacle(tiny_model, tmp_path):
    graph = onnx.load(tiny_model)
    graph.opset_import.extend(list(graph.opset_import))
    onnx.save_model(graph, tmp_path / "twice.onnx")

    assert quantised(tmp_path / "twice.onnx", features(64), tmp_path / "small.onnx").is_file()


def test_a_model_that_would_not_gain_is_refused(tmp_path, describe_model):
    path = house_prices(tmp_path / "model.onnx", describe_model(HOUSES))

    with pytest.raises(ConfigError, match=r"none of Conv, Gemm, MatMul.*it has Mul, Squeeze"):
        quantised(path, points(8), tmp_path / "small.onnx")
