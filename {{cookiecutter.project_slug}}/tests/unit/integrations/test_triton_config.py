import pytest
from google.protobuf import text_format
from triton_graphs import HOUSES, house_prices, passing_on
from tritonclient.grpc.model_config_pb2 import ModelConfig, ModelInstanceGroup

from {{ cookiecutter.package_name }}.integrations.triton_config import (
    ENGINES,
    config_text,
    labels_text,
)
from {{ cookiecutter.package_name }}.integrations.triton_model import ServedModel
from {{ cookiecutter.package_name }}.integrations.triton_options import ServingOptions
from {{ cookiecutter.package_name }}.schemas.dataset import Target
from {{ cookiecutter.package_name }}.schemas.errors import ArtifactMismatch, ConfigError
from {{ cookiecutter.package_name }}.schemas.model import ModelInfo, ServedVersion

SERVED = ServedVersion(name="{{ cookiecutter.package_name }}", version="3", run_id="4f2a")


def config_of(path, **options) -> ModelConfig:
    """What Triton reads in the text."""
    text = config_text(ServedModel.onnx(path), SERVED, ServingOptions("customers", **options))
    return text_format.Parse(text, ModelConfig())


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


@pytest.mark.parametrize(("most", "sizes"), [(64, [1, 64]), (1, [1])])
def test_the_model_is_warmed_up_with_one_row_and_with_the_largest_batch(tiny_model, most, sizes):
    config = config_of(tiny_model, max_batch_size=most, preferred_batch_sizes=())

    assert [warm_up.batch_size for warm_up in config.model_warmup] == sizes
    for warm_up in config.model_warmup:
        dims = {name: list(row.dims) for name, row in warm_up.inputs.items()}
        assert dims == {"numeric": [2], "categorical": [1]}
        assert all(row.zero_data for row in warm_up.inputs.values())


def test_tensorrt_runs_below_onnx_runtime_in_the_precision_that_was_asked_for(tiny_model):
    config = config_of(tiny_model, device="gpu", tensorrt="fp16")

    (accelerator,) = config.optimization.execution_accelerators.gpu_execution_accelerator
    assert accelerator.name == "tensorrt"
    assert accelerator.parameters["precision_mode"] == "FP16"
    assert accelerator.parameters["trt_engine_cache_path"] == ENGINES


def test_what_tensorrt_compiled_of_one_version_is_not_taken_for_another(tmp_path, describe_model):
    """ONNX Runtime tells graphs apart by the names in them, which a net trained again keeps."""
    houses = describe_model(HOUSES)
    prefixes = []
    for price in (1.0, 2.0, 2.0):
        path = house_prices(tmp_path / f"{len(prefixes)}.onnx", houses, price)
        config = config_of(path, device="gpu", tensorrt="fp16")
        (accelerator,) = config.optimization.execution_accelerators.gpu_execution_accelerator
        prefixes.append(accelerator.parameters["trt_engine_cache_prefix"])

    assert prefixes[0] != prefixes[1] == prefixes[2]


@pytest.mark.parametrize("limits", [{"maximum": 65_505}, {"minimum": -80_000}])
def test_half_precision_is_refused_where_a_column_goes_beyond_it(tmp_path, describe_model, limits):
    (rooms,) = HOUSES.columns
    wide = HOUSES.model_copy(update={"columns": (rooms.model_copy(update=limits),)})
    path = house_prices(tmp_path / "model.onnx", describe_model(wide))

    with pytest.raises(ConfigError, match=r"column 'rooms' .* ends at 65,504: say --tensorrt fp32"):
        config_of(path, device="gpu", tensorrt="fp16")
    assert config_of(path, device="gpu", tensorrt="fp32").HasField("optimization")


def test_without_tensorrt_nothing_is_said_of_it(tiny_model):
    assert not config_of(tiny_model, device="gpu").HasField("optimization")


def test_tensorrt_is_for_the_graph_as_it_was_trained(tiny_model):
    quantised = ServedModel.onnx(tiny_model, "onnx-int8")
    options = ServingOptions("customers", device="gpu", tensorrt="fp16")

    with pytest.raises(ConfigError, match=r"TensorRT \(fp16\) .* this is 'onnx-int8'"):
        config_text(quantised, SERVED, options)


def test_each_variant_is_told_with_its_file(tiny_model):
    text = config_text(ServedModel.onnx(tiny_model, "onnx-int8"), SERVED, ServingOptions("c"))

    config = text_format.Parse(text, ModelConfig())
    assert config.default_model_filename == "model.int8.onnx"
    assert config.parameters["variant"].string_value == "onnx-int8"


def test_the_description_of_the_model_survives_quotes_and_other_alphabets(
    tmp_path, mixed_schema, describe_model
):
    target = Target(name="bought", task="classification", classes=('"no"', "да\\"))
    info = describe_model(mixed_schema.model_copy(update={"target": target}))

    config = config_of(passing_on(tmp_path / "model.onnx", info, ["batch", 2]))

    assert ModelInfo.model_validate_json(config.parameters["model_info"].string_value) == info
    stored = config.parameters["served_version"].string_value
    assert ServedVersion.model_validate_json(stored) == SERVED


def test_labels_are_a_class_a_line_in_their_order(tmp_path):
    assert labels_text(tmp_path, ("b", "a c", "å")) == "b\na c\nå\n"


def test_a_class_of_two_lines_is_refused(tmp_path):
    with pytest.raises(ArtifactMismatch, match=r"Class 'no\\nyes' of .* has a line break"):
        labels_text(tmp_path, ("no\nyes",))
