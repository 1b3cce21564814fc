import pytest

from {{ cookiecutter.package_name }}.integrations.triton_options import ServingOptions
from {{ cookiecutter.package_name }}.schemas.errors import ConfigError


@pytest.mark.parametrize("size", [0, 65])
def test_a_preferred_batch_must_fit(size):
    with pytest.raises(ConfigError, match=f"batch size of {size} cannot be: expected 1 to the"):
        ServingOptions("customers", preferred_batch_sizes=(8, size)).check()


def test_tensorrt_needs_a_gpu():
    with pytest.raises(ConfigError, match=r"TensorRT \(fp16\) runs on GPUs, .*--device gpu"):
        ServingOptions("customers", tensorrt="fp16").check()

    ServingOptions("customers", device="gpu", tensorrt="fp16").check()
