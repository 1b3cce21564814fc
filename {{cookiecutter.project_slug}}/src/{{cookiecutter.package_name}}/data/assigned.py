"""The split of each row, kept between the two readings of a source."""

import tempfile
from types import TracebackType
from typing import Self

import numpy as np
from numpy.typing import NDArray

from {{ cookiecutter.package_name }}.schemas.dataset import SPLITS
from {{ cookiecutter.package_name }}.schemas.errors import DataError


class Assigned:
    """Indexes into `SPLITS`, a byte each, in a file that nobody else sees: not in memory."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - open as long as this is
        self.counts = np.zeros(len(SPLITS), np.int64)

    @property
    def rows(self) -> int:
        """All rows."""
        return int(self.counts.sum())

    def add(self, splits: NDArray[np.uint8]) -> None:
        """The splits of the next rows."""
        self._file.write(splits.tobytes())
        self.counts += np.bincount(splits, minlength=len(SPLITS))

    def clear(self) -> None:
        """Forget all."""
        self._file.seek(0)
        self._file.truncate()
        self.counts[:] = 0

    def rewind(self) -> None:
        """Read from the first row on."""
        self._file.seek(0)

    def read(self, rows: int) -> NDArray[np.uint8]:
        """The splits of the next rows; DataError where there are not so many."""
        content = self._file.read(rows)
        if len(content) < rows:
            raise DataError("The source was changed while it was read: run the command again.")
        return np.frombuffer(content, np.uint8)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()
