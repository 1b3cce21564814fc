"""A small convolutional net for data whose columns are pixels."""

from collections.abc import Sequence
from itertools import pairwise

from torch import Tensor, nn

from {{ cookiecutter.package_name }}.schemas.errors import ConfigError


class CNN(nn.Module):
    """(N, inputs) float32, read as `image_shape` (channels, height, width) → (N, outputs).

    ConfigError where the data set has no image shape, or other columns beside the pixels.
    """

    def __init__(
        self,
        *,
        inputs: int,
        outputs: int,
        image_shape: tuple[int, int, int] | None,
        channels: Sequence[int],
        dropout: float,
    ) -> None:
        super().__init__()
        if image_shape is None:
            raise ConfigError(
                "model=cnn needs a data set whose columns are pixels, and this one has no "
                "image shape: use model=mlp or model=baseline."
            )
        depth, height, width = image_shape
        if inputs != depth * height * width:
            raise ConfigError(
                f"model=cnn expected {depth * height * width} pixels ({depth}x{height}x{width}), "
                f"got {inputs} encoded columns."
            )
        depths = [depth, *channels]
        layers: list[nn.Module] = [nn.Unflatten(1, image_shape)]
        for taken, given in pairwise(depths):
            layers += [nn.Conv2d(taken, given, kernel_size=3, padding=1), nn.ReLU()]
        layers += [nn.MaxPool2d(2), nn.Flatten(), nn.Dropout(dropout)]
        pixels = (height // 2) * (width // 2)
        self.layers = nn.Sequential(*layers, nn.Linear(depths[-1] * pixels, outputs))

    def forward(self, inputs: Tensor) -> Tensor:
        """Logits or values of N images."""
        result: Tensor = self.layers(inputs)
        return result
