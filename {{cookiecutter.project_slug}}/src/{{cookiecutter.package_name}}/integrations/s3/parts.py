"""Into which parts an object is cut on its way."""

from dataclasses import dataclass
from pathlib import Path

from {{ cookiecutter.package_name }}.schemas.errors import DataError
from {{ cookiecutter.package_name }}.utils.paths import shown

PART_BYTES = 8 << 20
MOST_PARTS = 10_000
"""What S3 allows an upload to have."""
_STEP = 1 << 20


@dataclass(frozen=True)
class Piece:
    """Bytes `start` to `stop` (exclusive) of a file; `number` counts from 1."""

    number: int
    start: int
    stop: int

    @property
    def size(self) -> int:
        """How many bytes."""
        return self.stop - self.start


def part_bytes(size: int) -> int:
    """The size of all parts but the last: `PART_BYTES`, more for what would have too many."""
    fewest = -(-size // MOST_PARTS)
    return max(PART_BYTES, -(-fewest // _STEP) * _STEP)


def pieces(size: int) -> list[Piece]:
    """All parts of so many bytes, in order; none of nothing."""
    step = part_bytes(size)
    starts = range(0, size, step)
    return [
        Piece(number, start, min(start + step, size))
        for number, start in enumerate(starts, start=1)
    ]


def read(path: Path, piece: Piece) -> bytes:
    """The bytes of a part; DataError where the file is not that long any more."""
    try:
        with path.open("rb") as stream:
            stream.seek(piece.start)
            block = stream.read(piece.size)
    except OSError as error:
        raise DataError(f"'{shown(path)}' cannot be read: {error.strerror}.") from error
    if len(block) != piece.size:
        raise changed(path)
    return block


def changed(path: Path) -> DataError:
    """The sentence for a file that somebody writes to while it is sent."""
    return DataError(
        f"'{shown(path)}' was changed while it was uploaded: run the same command again when "
        "nobody writes to it."
    )
