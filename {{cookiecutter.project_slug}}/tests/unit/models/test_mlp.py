import torch

from {{ cookiecutter.package_name }}.models.mlp import MLP


def test_rows_become_logits_of_each_class():
    net = MLP(inputs=5, outputs=3, image_shape=None, hidden=[8, 4], dropout=0.5)

    assert net(torch.zeros(7, 5)).shape == (7, 3)
    assert [layer.out_features for layer in net if hasattr(layer, "out_features")] == [8, 4, 3]


def test_without_hidden_layers_it_is_linear():
    net = MLP(inputs=5, outputs=1, image_shape=(1, 5, 1), hidden=[], dropout=0.5)

    assert [type(layer).__name__ for layer in net] == ["Linear"]


def test_dropout_acts_in_training_alone():
    net = MLP(inputs=5, outputs=3, image_shape=None, hidden=[64], dropout=0.5)
    rows = torch.ones(1, 5)

    assert not torch.equal(net(rows), net(rows))
    net.eval()
    assert torch.equal(net(rows), net(rows))
