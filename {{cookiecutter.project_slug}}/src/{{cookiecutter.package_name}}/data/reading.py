"""The rows of a source part by part: read while the part before is worked on, and told of."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

import pyarrow as pa

from {{ cookiecutter.package_name }}.data.layout import plain_type
from {{ cookiecutter.package_name }}.data.source import Part, RawRows
from {{ cookiecutter.package_name }}.data.tabular import is_text

_PART_BYTES = 8 << 20
_TEXT_BYTES = 32
_FEWEST_ROWS, _MOST_ROWS = 1 << 10, 1 << 17
_MOST_BYTES = 128 << 20
"""What the fewest rows may take: where there are very many columns, a part has still fewer."""

Item = TypeVar("Item")


@dataclass(frozen=True)
class Progress:
    """How far a step is: the share of the source that is done (0 to 1), and how many rows."""

    step: str
    share: float
    rows: int


def unheard(_: Progress) -> None:
    """For those whom nobody watches."""


def part_rows(schema: pa.Schema, columns: Sequence[str]) -> int:
    """So many rows of these columns that a part takes some 8 MiB; never very few."""
    types = [plain_type(schema.field(name).type) for name in columns]
    row = sum(_TEXT_BYTES if is_text(kind) else 8 for kind in types)
    fewest = max(min(_FEWEST_ROWS, _MOST_BYTES // row), 1)
    return min(max(_PART_BYTES // row, fewest), _MOST_ROWS)


@dataclass(frozen=True)
class Reader:
    """Reads a source, as often as one asks; `size` is the most rows of a part, None: by bytes."""

    rows: RawRows
    hear: Callable[[Progress], None]
    size: int | None = None

    def parts(self, step: str, columns: Sequence[str]) -> Iterator[Part]:
        """All rows anew; `step` is what is told to be under way."""
        size = self.size or part_rows(self.rows.schema, columns)
        read = 0
        for part in _ahead(self.rows.parts(size, columns)):
            yield part
            read += part.table.num_rows
            self.hear(Progress(step, part.share, read))


def _ahead(items: Iterator[Item]) -> Iterator[Item]:
    """The same items, each got by a second thread while the one before it is in use."""
    with ThreadPoolExecutor(1, "ahead") as pool:
        coming = pool.submit(next, items, None)
        while (item := coming.result()) is not None:
            coming = pool.submit(next, items, None)
            yield item
