"""How many distinct values there are, in bounded memory and in whatever order they come."""

import numpy as np

from {{ cookiecutter.package_name }}.data.splitting import Hashes

CAP = 1 << 16
"""So many distinct values of a column are kept; of more, a sample by their hashes."""


class DistinctCount:
    """Counts distinct hashes: exactly up to `CAP`, beyond it to about 1 %.

    Kept are the hashes below a bound, which is halved whenever there are more than `CAP` of them.
    So what is kept in the end depends on the set of hashes only (adaptive sampling: Wegman;
    Flajolet, 1990).
    """

    def __init__(self, cap: int = CAP) -> None:
        self._cap = cap
        self._halvings = 0
        self._kept: Hashes = np.zeros(0, np.uint64)

    def add(self, hashes: Hashes) -> None:
        """Count these, too."""
        self._kept = self._below(np.union1d(self._kept, self._below(hashes)))
        while len(self._kept) > self._cap:
            self._halvings += 1
            self._kept = self._below(self._kept)

    def _below(self, hashes: Hashes) -> Hashes:
        return hashes[hashes >> np.uint64(64 - self._halvings) == 0] if self._halvings else hashes

    @property
    def count(self) -> int:
        """The number of distinct hashes, or an estimate."""
        return len(self._kept) << self._halvings
