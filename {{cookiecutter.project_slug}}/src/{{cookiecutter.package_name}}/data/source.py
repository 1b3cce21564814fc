"""The seam behind which raw rows come from: a file, a library, a store."""

from dataclasses import dataclass
from typing import Protocol

import pyarrow as pa


@dataclass(frozen=True)
class RawTable:
    """Rows as their source has them, before any check.

    `source` says where they were read, `version` what identifies that content, and `first_row`
    is the number by which people know the first row (2 in a CSV file, below its header).
    """

    table: pa.Table
    source: str
    version: str
    first_row: int = 1


class Source(Protocol):
    """Anything that has rows; chosen by `data.source._target_`."""

    def load(self) -> RawTable:
        """All rows; DataError, DataNotFound or ConfigError where they cannot be had."""
        ...
