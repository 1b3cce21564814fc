import pytest
from torch import nn
from triton_nets import HEIGHTS, PLACES, TrainedNet, trained

from {{ cookiecutter.package_name }}.integrations.triton_model import Tensor
from {{ cookiecutter.package_name }}.integrations.triton_torchscript import torchscript
from {{ cookiecutter.package_name }}.schemas.errors import ArtifactMismatch, ConfigError


@pytest.fixture
def places(tmp_path, describe_model) -> TrainedNet:
    return trained(tmp_path, describe_model(PLACES))


def made(one: TrainedNet, net: nn.Module | None = None):
    target = one.model.with_name("model.pt")
    return torchscript(one.model, net or one.net(), one.checkpoint, one.golden, target)


def test_a_classifier_gives_probabilities_and_keeps_its_preprocessing(places):
    model = made(places)

    assert (model.backend, model.file) == ("pytorch", "model.pt")
    assert model.inputs == (Tensor("numeric__0", "TYPE_FP32", (2,)),)
    assert model.outputs == (Tensor("probabilities__0", "TYPE_FP32", (3,), labelled=True),)


def test_a_regression_gives_values_in_the_unit_of_the_target(tmp_path, describe_model):
    model = made(trained(tmp_path, describe_model(HEIGHTS)))

    assert model.outputs == (Tensor("value__0", "TYPE_FP32", ()),)


def test_other_weights_than_the_trained_ones_are_refused(places):
    answers = places.golden.expected
    other = places.golden.model_copy(update={"expected": (*answers[1:], answers[0])})

    with pytest.raises(ArtifactMismatch, match="differs from the trained model by 0"):
        torchscript(
            places.model, places.net(), places.checkpoint, other, places.model.with_name("a.pt")
        )


def test_a_net_whose_code_changed_since_is_a_sentence(places):
    with pytest.raises(ArtifactMismatch, match=r"'best\.ckpt' .* does not fit the net"):
        made(places, nn.Sequential(nn.Linear(2, 4)))


def test_columns_of_categories_are_refused(places, tiny_model):
    with pytest.raises(ConfigError, match=r"columns of categories \(city\).*--format onnx"):
        torchscript(
            tiny_model, places.net(), places.checkpoint, places.golden, places.model.with_name("a")
        )
