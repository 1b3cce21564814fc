import pytest
from onnx import TensorProto
from onnx.helper import make_node, make_tensor_sequence_value_info
from triton_graphs import end, passing_on, save

from {{ cookiecutter.package_name }}.integrations.triton_model import (
    ServedModel,
    Tensor,
    TensorReader,
)
from {{ cookiecutter.package_name }}.schemas.errors import ArtifactMismatch


def test_names_types_and_shapes_of_a_row_are_those_of_the_graph(tiny_model):
    graph = TensorReader(tiny_model)

    assert graph.inputs == [
        Tensor("numeric", "TYPE_FP32", (2,)),
        Tensor("categorical", "TYPE_STRING", (1,)),
    ]
    assert graph.outputs == [
        Tensor("label", "TYPE_STRING", ()),
        Tensor("probabilities", "TYPE_FP32", (2,), labelled=True),
    ]


def test_any_length_of_a_row_stays_any(tmp_path, mixed_schema, describe_model):
    info = describe_model(mixed_schema)

    graph = TensorReader(passing_on(tmp_path / "model.onnx", info, ["batch", 3, "length"]))

    assert graph.inputs == [Tensor("numeric", "TYPE_FP32", (3, -1))]


@pytest.mark.parametrize("shape", [[1, 2], []])
def test_a_graph_without_a_free_first_dimension_is_refused(
    tmp_path, mixed_schema, describe_model, shape
):
    path = passing_on(tmp_path / "model.onnx", describe_model(mixed_schema), shape)

    with pytest.raises(ArtifactMismatch, match="its first dimension must be free"):
        ServedModel.onnx(path)


def test_a_type_that_triton_does_not_have_is_refused(tmp_path, mixed_schema, describe_model):
    info = describe_model(mixed_schema)
    path = save(
        tmp_path / "model.onnx",
        info,
        (
            [end("numeric", ["batch", 2])],
            [make_tensor_sequence_value_info("parts", TensorProto.FLOAT, None)],
        ),
        [make_node("SequenceConstruct", ["numeric"], ["parts"])],
    )

    with pytest.raises(ArtifactMismatch, match=r"'parts' of .* is a seq\(tensor\(float\)\), which"):
        ServedModel.onnx(path)


def test_variants_do_not_take_each_others_files(tiny_model):
    models = [ServedModel.onnx(tiny_model), ServedModel.onnx(tiny_model, "onnx-int8")]

    assert [model.file for model in models] == ["model.onnx", "model.int8.onnx"]
    assert {model.backend for model in models} == {"onnxruntime"}
