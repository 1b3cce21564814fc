import pytest
import torch

from {{ cookiecutter.package_name }}.models.cnn import CNN
from {{ cookiecutter.package_name }}.schemas.errors import ConfigError


def net_for(shape, inputs=None, channels=(4, 8)):
    pixels = shape[0] * shape[1] * shape[2]
    return CNN(
        inputs=pixels if inputs is None else inputs,
        outputs=3,
        image_shape=shape,
        channels=channels,
        dropout=0.0,
    )


@pytest.mark.parametrize("shape", [(1, 8, 8), (3, 7, 5), (1, 2, 2)])
def test_images_of_any_shape_become_logits(shape):
    rows = torch.zeros(6, shape[0] * shape[1] * shape[2])

    assert net_for(shape)(rows).shape == (6, 3)


def test_columns_are_read_as_rows_of_pixels():
    net = net_for((1, 2, 3))

    images = net.layers[0](torch.arange(6.0)[None])

    assert images.tolist() == [[[[0, 1, 2], [3, 4, 5]]]]


def test_data_without_an_image_shape_is_one_sentence():
    with pytest.raises(ConfigError, match=r"^model=cnn needs a data set whose columns are pixels"):
        CNN(inputs=4, outputs=3, image_shape=None, channels=[4], dropout=0.0)


def test_columns_that_are_not_the_pixels_are_one_sentence():
    with pytest.raises(ConfigError, match=r"expected 16 pixels \(1x4x4\), got 18 encoded columns"):
        net_for((1, 4, 4), inputs=18)
