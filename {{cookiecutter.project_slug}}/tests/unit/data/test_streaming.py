"""Memory does not grow with the rows."""

import tracemalloc

import numpy as np
import pyarrow as pa
import pyarrow.csv as pcsv
import pyarrow.parquet as pq
import pytest

from {{ cookiecutter.package_name }}.data import reading, row_groups, tabular
from {{ cookiecutter.package_name }}.data.prepare import prepare
from {{ cookiecutter.package_name }}.data.table import Table

COLUMNS, PIECE = 16, 5000


def table_of(seed):
    random = np.random.default_rng(seed)
    numbers = {f"n{place}": random.random(PIECE) for place in range(COLUMNS)}
    return pa.table(
        {**numbers, "c": random.choice(["red", "blue"], PIECE).tolist(), "y": numbers["n0"]}
    )


def written(path, pieces):
    """A file of so many pieces; Parquet keeps them all in one row group."""
    tables = map(table_of, range(pieces))
    if path.suffix == ".csv":
        with path.open("wb") as stream:
            for place, table in enumerate(tables):
                pcsv.write_csv(table, stream, pcsv.WriteOptions(include_header=place == 0))
    else:
        # Pages are read whole: small ones, or a file of few rows would show nothing.
        pq.write_table(
            pa.concat_tables(tables).combine_chunks(),
            path,
            row_group_size=PIECE * pieces,
            use_dictionary=False,
            data_page_size=1 << 14,
        )
    return path


@pytest.mark.slow
@pytest.mark.parametrize("name", ["rows.parquet", "rows.csv"])
@pytest.mark.usefixtures("project")
def test_four_times_the_rows_take_no_more_memory(tmp_path, plan_with, monkeypatch, name):
    # All that is held at once is a fraction of either file.
    monkeypatch.setattr(reading, "_PART_BYTES", 1 << 18)
    monkeypatch.setattr(row_groups, "_GROUP_BYTES", 1 << 18)
    monkeypatch.setattr(tabular, "_BLOCK_BYTES", 1 << 18)

    def peak(pieces):
        path = written(tmp_path / name, pieces)
        held, before = [], pa.total_allocated_bytes()
        tracemalloc.start()
        prepare(
            Table(str(path)),
            plan_with(),
            lambda _: None,
            progress=lambda _: held.append(pa.total_allocated_bytes() - before),
        )
        of_python = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return max(held), of_python

    peak(1)  # imports, and what libraries keep for ever
    few, many = peak(4), peak(16)

    assert many[0] < few[0] * 1.8
    # Half of what the file has more: how far ahead threads read and write is not always the same.
    assert many[1] < few[1] + (4 << 20)
