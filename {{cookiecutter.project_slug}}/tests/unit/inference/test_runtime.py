import numpy as np
import onnx
import pytest

from {{ cookiecutter.package_name }}.inference.runtime import OnnxRuntime
from {{ cookiecutter.package_name }}.schemas.errors import ArtifactMismatch, ModelNotFound
from {{ cookiecutter.package_name }}.schemas.model import METADATA_KEY

FEEDS = {
    "numeric": np.array([[60, 1], [20, 1]], dtype=np.float32),
    "categorical": np.array([["Bergen"], ["Bergen"]], dtype=object),
}


@pytest.fixture
def redescribed(tiny_model):
    """Replaces the metadata of the tiny model."""

    def write(metadata):
        graph = onnx.load(tiny_model)
        onnx.helper.set_model_props(graph, metadata)
        onnx.save_model(graph, tiny_model)
        return tiny_model

    return write


def test_named_outputs_are_computed_for_every_row(tiny_model):
    labels, probabilities = OnnxRuntime(tiny_model).run(["label", "probabilities"], FEEDS)

    assert labels.tolist() == ["yes", "no"]
    assert probabilities.shape == (2, 2)


def test_a_model_describes_itself(tiny_model, mixed_schema):
    assert OnnxRuntime(tiny_model).info.data_schema == mixed_schema


def test_a_missing_file_is_a_sentence(tmp_path):
    with pytest.raises(ModelNotFound, match=r"There is no model file at '.*nowhere\.onnx'\."):
        OnnxRuntime(tmp_path / "nowhere.onnx")


@pytest.mark.parametrize("content", [b"", b"not a model", b"\x08\x09\x12\x00"])
def test_a_corrupt_file_is_a_sentence(tmp_path, content):
    path = tmp_path / "model.onnx"
    path.write_bytes(content)

    with pytest.raises(ArtifactMismatch, match="cannot be read as an ONNX model"):
        OnnxRuntime(path)


def test_a_file_cut_short_is_a_sentence(tiny_model):
    tiny_model.write_bytes(tiny_model.read_bytes()[:-200])

    with pytest.raises(ArtifactMismatch):
        _ = OnnxRuntime(tiny_model).info


def test_a_model_of_another_project_is_a_sentence(redescribed):
    with pytest.raises(ArtifactMismatch, match="was not exported by this project"):
        _ = OnnxRuntime(redescribed({})).info


def test_a_description_that_cannot_be_read_is_a_sentence(redescribed):
    with pytest.raises(ArtifactMismatch, match=r"cannot read \(\d+ errors\)"):
        _ = OnnxRuntime(redescribed({METADATA_KEY: '{"project": 3}'})).info
