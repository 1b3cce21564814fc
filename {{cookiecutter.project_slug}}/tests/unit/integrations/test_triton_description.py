import json

import numpy as np
import pytest
from triton_fake import URL, FakeTriton
from triton_graphs import HOUSES, feeds

from {{ cookiecutter.package_name }}.integrations.triton_description import Description
from {{ cookiecutter.package_name }}.schemas.errors import ArtifactMismatch


@pytest.fixture
def config(mixed_schema, describe_model):
    return FakeTriton(describe_model(mixed_schema)).config("customers")


def test_a_model_of_somebody_else_is_a_sentence(config):
    config["parameters"] = {}

    with pytest.raises(ArtifactMismatch, match="no parameter 'model_info' in its configuration"):
        _ = Description(URL, "customers", config).info


def test_a_description_that_cannot_be_read_is_a_sentence(config, describe_model):
    stored = json.loads(describe_model(HOUSES).model_dump_json())
    stored.pop("data_schema")
    config["parameters"]["model_info"]["string_value"] = json.dumps(stored)

    with pytest.raises(ArtifactMismatch, match=r"cannot read \(1 error\): export the version"):
        _ = Description(URL, "customers", config).info


def test_tensors_with_places_in_their_names_are_known_by_the_plain_ones(config):
    config["input"] = [{"name": "numeric__0"}, {"name": "categorical__1"}]
    config["output"][1]["name"] = "probabilities__0"
    description = Description(URL, "customers", config)

    (batch,) = description.batches(feeds(2))
    (answer,) = description.together(["probabilities"], [[np.ones((2, 2), np.float32)]])

    assert sorted(batch) == ["categorical__1", "numeric__0"]
    assert description.names(["probabilities"]) == ["probabilities__0"]
    assert answer.shape == (2, 2)
