"""How a Triton server is asked to run a model."""

from dataclasses import dataclass
from typing import Literal

from {{ cookiecutter.package_name }}.schemas.errors import ConfigError

Device = Literal["cpu", "gpu"]
Precision = Literal["fp16", "fp32"]


@dataclass(frozen=True)
class ServingOptions:
    """How Triton runs the model. Sizes are rows, `instances` are copies of the model in memory.

    `tensorrt` has TensorRT run what it can of an ONNX graph on the GPU, in this precision.
    """

    model: str
    max_batch_size: int = 64
    preferred_batch_sizes: tuple[int, ...] = (8, 32)
    queue_delay_us: int = 500
    device: Device = "cpu"
    instances: int = 1
    tensorrt: Precision | None = None

    def check(self) -> None:
        """ConfigError where Triton would refuse to load the model."""
        most = self.max_batch_size
        wrong = [size for size in self.preferred_batch_sizes if not 1 <= size <= most]
        if wrong:
            raise ConfigError(
                f"A preferred batch size of {wrong[0]} cannot be: expected 1 to the maximum "
                f"batch size, {most}."
            )
        if self.tensorrt and self.device != "gpu":
            raise ConfigError(
                f"TensorRT ({self.tensorrt}) runs on GPUs, and the device is '{self.device}': "
                "say --device gpu."
            )
