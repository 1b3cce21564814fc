import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from {{ cookiecutter.package_name }}.inference.predictor import Predictor
from {{ cookiecutter.package_name }}.inference.runtime import OnnxRuntime
from {{ cookiecutter.package_name }}.training.encoder import Encoder
from {{ cookiecutter.package_name }}.training.export import assemble, describe
from {{ cookiecutter.package_name }}.training.fit import save
from {{ cookiecutter.package_name }}.training.fitting import INPUT, OPSET, OUTPUT

MEAN, SCALE = 100.0, 7.0


def core_of(weights, *, classifies, opset=OPSET, inner="product"):
    """A linear model as a core graph; `inner` names the tensor inside."""
    width, outputs = weights.shape
    kind = "Softmax" if classifies else "Identity"
    nodes = [
        helper.make_node("MatMul", [INPUT, "weights"], [inner]),
        helper.make_node(kind, [inner], [OUTPUT]),
    ]
    graph = helper.make_graph(
        nodes,
        "linear",
        [helper.make_tensor_value_info(INPUT, TensorProto.FLOAT, ["batch", width])],
        [helper.make_tensor_value_info(OUTPUT, TensorProto.FLOAT, ["batch", outputs])],
        [numpy_helper.from_array(weights, "weights")],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)])


@pytest.fixture
def encoder(schema, rows_of):
    return Encoder.fit(rows_of(schema, 50), schema)


@pytest.fixture
def weights(schema, encoder):
    outputs = len(schema.target.classes) or 1
    return np.random.default_rng(0).normal(size=(encoder.width, outputs)).astype(np.float32)


@pytest.fixture
def graph(schema, encoder, weights):
    classifies = bool(schema.target.classes)
    return assemble(core_of(weights, classifies=classifies), encoder, schema, MEAN, SCALE)


@pytest.fixture
def model_file(graph, schema, describe_model, tmp_path):
    return save(graph, describe_model(schema), tmp_path)


def expected(encoder, weights, schema, features):
    """What encoder and model answer without a graph."""
    scores = encoder.encode(features) @ weights
    if not schema.target.classes:
        return scores[:, 0] * SCALE + MEAN
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


@pytest.mark.parametrize("rows", [1, 7, 64])
def test_the_graph_answers_as_encoder_and_model_do(
    model_file, encoder, weights, schema, rows_of, rows
):
    features = rows_of(schema, rows)

    answers = Predictor.open(model_file).predict(features)

    wanted = expected(encoder, weights, schema, features)
    got = answers.probabilities if schema.target.classes else answers.values
    np.testing.assert_allclose(got, wanted, rtol=1e-4, atol=1e-5)
    assert got.dtype == np.float32


def test_a_label_is_the_class_with_the_highest_probability(model_file, schema, rows_of):
    if not schema.target.classes:
        assert [output.name for output in onnx.load(model_file).graph.output] == ["value"]
        return
    features = rows_of(schema, 64)
    feeds = {"numeric": features.numeric, "categorical": features.categorical}
    feeds = {name: values for name, values in feeds.items() if values.shape[1]}

    labels, scores = OnnxRuntime(model_file).run(["label", "probabilities"], feeds)

    assert labels.tolist() == [schema.target.classes[best] for best in scores.argmax(axis=1)]
    assert len(set(labels)) > 1


def test_an_input_without_columns_is_absent(graph, schema):
    inputs = {item.name: item.type.tensor_type for item in graph.graph.input}

    wanted = {"numeric": len(schema.numbers), "categorical": len(schema.categories)}
    kinds = {"numeric": TensorProto.FLOAT, "categorical": TensorProto.STRING}
    assert {name: item.shape.dim[1].dim_value for name, item in inputs.items()} == {
        name: width for name, width in wanted.items() if width
    }
    assert all(item.elem_type == kinds[name] for name, item in inputs.items())
    assert all(item.shape.dim[0].dim_param == "batch" for item in inputs.values())


def test_a_description_comes_back_from_the_file(model_file, schema, describe_model):
    assert OnnxRuntime(model_file).info == describe_model(schema)


def test_a_graph_can_be_described_again(graph, schema, describe_model):
    info, metrics = describe_model(schema), {"val/loss": 1.0}
    describe(graph, info)

    describe(graph, info.model_copy(update={"metrics": metrics}))

    (stored,) = graph.metadata_props
    assert '"val/loss":1.0' in stored.value


@pytest.mark.parametrize("inner", ["filled", "best", "label", "value", "medians"])
def test_a_core_may_use_our_names_inside(schema, encoder, weights, inner):
    core = core_of(weights, classifies=bool(schema.target.classes), inner=inner)

    onnx.checker.check_model(assemble(core, encoder, schema, MEAN, SCALE), full_check=True)


def test_a_core_of_another_width_is_refused(schema, encoder, weights):
    wide = np.concatenate([weights, weights])
    core = core_of(wide, classifies=bool(schema.target.classes))

    with pytest.raises(Exception, match=r"(?i)dimension|shape"):
        assemble(core, encoder, schema, MEAN, SCALE)
