import threading

import pyarrow as pa
import pytest

from {{ cookiecutter.package_name }}.data.reading import Progress, Reader, part_rows, unheard
from {{ cookiecutter.package_name }}.data.source import Held
from {{ cookiecutter.package_name }}.schemas.errors import DataError

ROWS = Held(pa.table({"a": list(range(10))}), source="made up", version="1")


def test_parts_come_in_order_and_are_told_of_once_they_were_used():
    heard, used = [], []
    for part in Reader(ROWS, heard.append, 4).parts("checking", ["a"]):
        used.append(part.first_row)
        assert len(heard) == len(used) - 1

    assert used == [1, 5, 9]
    assert heard == [
        Progress("checking", 0.4, 4),
        Progress("checking", 0.8, 8),
        Progress("checking", 1.0, 10),
    ]


def test_what_goes_wrong_while_reading_ahead_is_raised_where_the_rows_are_used():
    class Broken(Held):
        def parts(self, rows, columns=None):
            yield from super().parts(rows, columns)
            raise DataError("the file ends here")

    broken = Broken(ROWS.table, "made up", "1")
    parts = Reader(broken, unheard, 5).parts("checking", ["a"])

    assert [next(parts).first_row, next(parts).first_row] == [1, 6]
    with pytest.raises(DataError, match="the file ends here"):
        next(parts)


def test_a_reading_that_is_left_early_leaves_no_thread():
    before = threading.active_count()
    parts = Reader(ROWS, unheard, 1).parts("checking", ["a"])
    next(parts)
    parts.close()

    assert threading.active_count() == before


def test_the_length_of_a_part_follows_the_width_of_its_rows():
    wide = pa.schema([(f"n{place}", pa.float64()) for place in range(64)])
    coded = pa.schema([("t", pa.dictionary(pa.int8(), pa.string()))])

    assert part_rows(wide, wide.names) == 1 << 14
    assert part_rows(wide, ["n0"]) == 1 << 17
    assert part_rows(coded, ["t"]) == 1 << 17
    assert part_rows(pa.schema([(f"{n}", pa.string()) for n in range(4000)]), ["1"] * 4000) == 1024


def test_parts_of_very_wide_rows_are_short():
    wide = pa.schema([(f"{place}", pa.string()) for place in range(20_000)])

    assert part_rows(wide, wide.names) == (128 << 20) // (20_000 * 32)
