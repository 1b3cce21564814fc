import torch

from {{ cookiecutter.package_name }}.training.batches import EpochBatches, loader


def order(batches, epoch):
    batches.set_epoch(epoch)
    return torch.cat(list(batches)).tolist()


def test_an_epoch_has_every_row_once():
    batches = EpochBatches(rows=10, batch_size=4, seed=1)

    parts = list(batches)

    assert [len(part) for part in parts] == [4, 4, 2]
    assert len(batches) == 3
    assert sorted(torch.cat(parts).tolist()) == list(range(10))


def test_the_order_is_the_same_for_one_epoch_and_another_for_the_next():
    first, second = (EpochBatches(rows=50, batch_size=8, seed=1) for _ in range(2))

    assert order(first, 3) == order(second, 3)
    assert order(first, 3) != order(first, 4)


def test_the_order_is_not_that_of_the_next_seed():
    orders = {tuple(order(EpochBatches(50, 8, seed), e)) for seed in (1, 2) for e in (0, 1, 2)}

    assert len(orders) == 6


def test_the_order_ignores_what_else_was_drawn():
    batches = EpochBatches(rows=50, batch_size=8, seed=1)
    expected = order(batches, 0)

    torch.rand(5)
    state = torch.get_rng_state()

    assert order(batches, 0) == expected
    assert torch.equal(torch.get_rng_state(), state)


def test_without_a_seed_rows_come_as_they_lie():
    assert order(EpochBatches(rows=5, batch_size=2, seed=None), epoch=4) == [0, 1, 2, 3, 4]


def test_a_batch_holds_the_rows_with_their_targets():
    inputs, targets = torch.arange(14.0).reshape(7, 2), torch.arange(7)

    batches = list(loader(inputs, targets, batch_size=3, seed=1))

    assert [tuple(rows.shape) for rows, _ in batches] == [(3, 2), (3, 2), (1, 2)]
    for rows, wanted in batches:
        assert torch.equal(rows, inputs[wanted])


def test_a_pass_over_a_loader_leaves_the_global_generator_alone():
    batches = loader(torch.zeros(7, 2), torch.arange(7), batch_size=3, seed=1)
    state = torch.get_rng_state()

    list(batches)

    assert torch.equal(torch.get_rng_state(), state)


def test_lightning_finds_the_epoch_of_a_loader():
    batches = loader(torch.zeros(7, 2), torch.arange(7), batch_size=3, seed=1)

    assert callable(batches.sampler.set_epoch)
