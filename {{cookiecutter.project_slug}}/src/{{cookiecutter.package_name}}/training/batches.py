"""A split that fits in memory, in batches that are the same in every run of an epoch."""

from collections.abc import Iterator

import torch
from torch import Tensor
from torch.utils.data import DataLoader, Dataset, Sampler


class _Rows(Dataset[tuple[Tensor, Tensor]]):
    """Rows taken by a whole batch of indexes: no collating of single samples."""

    def __init__(self, inputs: Tensor, targets: Tensor) -> None:
        self._inputs, self._targets = inputs, targets

    def __len__(self) -> int:
        return len(self._targets)

    def __getitem__(self, rows: Tensor) -> tuple[Tensor, Tensor]:
        return self._inputs[rows], self._targets[rows]


class EpochBatches(Sampler[Tensor]):
    """Indexes of each batch, shuffled anew each epoch by seed and epoch alone.

    Lightning calls `set_epoch`; a resumed run therefore sees the batches that the
    uninterrupted one would have seen.
    """

    def __init__(self, rows: int, batch_size: int, seed: int | None) -> None:
        self._rows, self._batch_size, self._seed = rows, batch_size, seed
        self._epoch = 0

    def set_epoch(self, epoch: int) -> None:
        """Choose the epoch whose order comes next."""
        self._epoch = epoch

    def __len__(self) -> int:
        return -(-self._rows // self._batch_size)

    def __iter__(self) -> Iterator[Tensor]:
        if self._seed is None:
            order = torch.arange(self._rows)
        else:
            # Far enough apart that no epoch of one seed is an epoch of the next.
            generator = torch.Generator().manual_seed(self._seed * 1_000_003 + self._epoch)
            order = torch.randperm(self._rows, generator=generator)
        yield from torch.split(order, self._batch_size)


def loader(
    inputs: Tensor, targets: Tensor, batch_size: int, seed: int | None
) -> DataLoader[tuple[Tensor, Tensor]]:
    """Batches of (B, width) float32 inputs and (B,) targets; shuffled where a seed is given."""
    batches = EpochBatches(len(targets), batch_size, seed)
    # Lightning warns that a loader without workers may be a bottleneck; indexing memory is not.
    # Each pass over a loader draws a number for workers, here too. Drawn from the global
    # generator, it would shift dropout, and a resumed run makes its first pass elsewhere.
    own = torch.Generator()
    return DataLoader(_Rows(inputs, targets), batch_size=None, sampler=batches, generator=own)
