"""A multilayer perceptron."""

from collections.abc import Sequence
from itertools import pairwise

from torch import nn


class MLP(nn.Sequential):
    """(N, inputs) float32 → (N, outputs): logits of classes, or one standardised value.

    `image_shape` is accepted, as from every net's caller, and not used.
    """

    def __init__(
        self,
        *,
        inputs: int,
        outputs: int,
        image_shape: tuple[int, int, int] | None,
        hidden: Sequence[int],
        dropout: float,
    ) -> None:
        widths = [inputs, *hidden]
        layers: list[nn.Module] = []
        for width, following in pairwise(widths):
            layers += [nn.Linear(width, following), nn.ReLU(), nn.Dropout(dropout)]
        super().__init__(*layers, nn.Linear(widths[-1], outputs))
