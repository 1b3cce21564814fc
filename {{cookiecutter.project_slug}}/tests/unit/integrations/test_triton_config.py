import pytest
from google.protobuf import text_format
from onnx import TensorProto
from onnx.helper import make_node, make_tensor_sequence_value_info
from triton_graphs import HOUSES, end, house_prices, passing_on, save
from tritonclient.grpc.model_config_pb2 import ModelConfig, ModelInstanceGroup

from {{ cookiecutter.package_name }}.integrations.triton_config import (
    ServingOptions,
    Tensor,
    TensorReader,
    config_text,
    labels_text,
)
from {{ cookiecutter.package_name }}.schemas.dataset import Target
from {{ cookiecutter.package_name }}.schemas.errors import ArtifactMismatch, ConfigError
from {{ cookiecutter.package_name }}.schemas.model import ModelInfo, ServedVersion

SERVED = ServedVersion(name="{{ cookiecutter.package_name }}", version="3", run_id="4f2a")


def config_of(path, **options) -> ModelConfig:
    """What Triton reads in the text."""
    text = config_text(TensorReader(path), SERVED, ServingOptions("customers", **options))
    return text_format.Parse(text, ModelConfig())


def test_names_types_and_shapes_of_a_row_are_those_of_the_graph(tiny_model):
    graph = TensorReader(tiny_model)

    assert graph.inputs == [
        Tensor("numeric", "TYPE_FP32", (2,)),
        Tensor("categorical", "TYPE_STRING", (1,)),
    ]
    assert graph.outputs == [
        Tensor("label", "TYPE_STRING", ()),
        Tensor("probabilities", "TYPE_FP32", (2,)),
    ]


def test_the_configuration_describes_both_ends_without_the_batch(tiny_model):
    config = config_of(tiny_model)

    ends = [*config.input, *config.output]
    assert [(end.name, list(end.dims)) for end in ends] == [
        ("numeric", [2]),
        ("categorical", [1]),
        ("label", [1]),
        ("probabilities", [2]),
    ]
    assert (config.backend, config.default_model_filename) == ("onnxruntime", "model.onnx")
    assert config.name == "customers"


def test_one_value_a_row_is_told_as_one_column_that_is_reshaped_to_none(tiny_model):
    label, probabilities = config_of(tiny_model).output

    assert label.HasField("reshape")
    assert list(label.reshape.shape) == []
    assert not probabilities.HasField("reshape")


def test_probabilities_have_the_labels_of_their_version(tiny_model):
    files = [output.label_filename for output in config_of(tiny_model).output]

    assert files == ["", "3/labels.txt"]


def test_a_regression_has_no_labels(tmp_path, describe_model):
    path = house_prices(tmp_path / "model.onnx", describe_model(HOUSES))

    (value,) = config_of(path).output

    assert (value.name, value.label_filename) == ("value", "")


def test_only_the_exported_version_is_served(tiny_model):
    assert list(config_of(tiny_model).version_policy.specific.versions) == [3]


def test_batches_form_as_the_options_say(tiny_model):
    config = config_of(
        tiny_model, max_batch_size=16, preferred_batch_sizes=(4, 16), queue_delay_us=200
    )

    assert config.max_batch_size == 16
    assert list(config.dynamic_batching.preferred_batch_size) == [4, 16]
    assert config.dynamic_batching.max_queue_delay_microseconds == 200


@pytest.mark.parametrize(("device", "kind"), [("cpu", "KIND_CPU"), ("gpu", "KIND_GPU")])
def test_copies_of_the_model_are_on_the_device_that_was_asked_for(tiny_model, device, kind):
    (group,) = config_of(tiny_model, device=device, instances=2).instance_group

    assert (ModelInstanceGroup.Kind.Name(group.kind), group.count) == (kind, 2)


def test_the_model_is_warmed_up_with_a_row_of_zeros(tiny_model):
    (warm_up,) = config_of(tiny_model).model_warmup

    assert warm_up.batch_size == 1
    assert {name: list(row.dims) for name, row in warm_up.inputs.items()} == {
        "numeric": [2],
        "categorical": [1],
    }


def test_the_description_of_the_model_survives_quotes_and_other_alphabets(
    tmp_path, mixed_schema, describe_model
):
    target = Target(name="bought", task="classification", classes=('"no"', "да\\"))
    info = describe_model(mixed_schema.model_copy(update={"target": target}))

    config = config_of(passing_on(tmp_path / "model.onnx", info, ["batch", 2]))

    assert ModelInfo.model_validate_json(config.parameters["model_info"].string_value) == info
    stored = config.parameters["served_version"].string_value
    assert ServedVersion.model_validate_json(stored) == SERVED


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
        config_of(path)


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
        config_of(path)


@pytest.mark.parametrize("size", [0, 65])
def test_a_preferred_batch_must_fit(size):
    with pytest.raises(ConfigError, match=f"batch size of {size} cannot be: expected 1 to the"):
        ServingOptions("customers", preferred_batch_sizes=(8, size)).check()


def test_labels_are_a_class_a_line_in_their_order(tmp_path):
    assert labels_text(tmp_path, ("b", "a c", "å")) == "b\na c\nå\n"


def test_a_class_of_two_lines_is_refused(tmp_path):
    with pytest.raises(ArtifactMismatch, match=r"Class 'no\\nyes' of .* has a line break"):
        labels_text(tmp_path, ("no\nyes",))
