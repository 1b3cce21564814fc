"""What is predicted for a row depends neither on how its file is read nor on its format."""

import errno
import time

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pcsv
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from {{ cookiecutter.package_name }}.data import writers
from {{ cookiecutter.package_name }}.data.columns import from_table
from {{ cookiecutter.package_name }}.data.tabular import read_table
from {{ cookiecutter.package_name }}.inference.batch import score
from {{ cookiecutter.package_name }}.inference.predictor import Predictor
from {{ cookiecutter.package_name }}.schemas.errors import DataContractError, DataError

CITIES = ["Oslo", "Bergen", "Rome, Italy", 'the "other" one', "NA", "", None]
NUMBERS = st.none() | st.floats(-1e6, 1e6, allow_nan=False, width=32)
ROWS = st.lists(st.tuples(NUMBERS, st.sampled_from(CITIES), NUMBERS), min_size=1, max_size=60)
ANSWERS = ["prediction", "probability_no", "probability_yes"]

without_pieces = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def predictor(tiny_model):
    return Predictor.open(tiny_model)


@pytest.fixture
def scored(tmp_path, predictor):
    """Scores a file so many rows at a time, into a file of the given name."""

    def run(source, chunk_rows, name):
        score(source, tmp_path / name, predictor, chunk_rows, lambda _: None)
        return tmp_path / name

    return run


def table_of(rows):
    ages, cities, incomes = zip(*rows, strict=True)
    return pa.table(
        {
            "age": pa.array(ages, pa.float64()),
            "city": pa.array(cities, pa.string()),
            "income": pa.array(incomes, pa.float64()),
        }
    )


@given(ROWS, st.integers(1, 70))
@without_pieces
def test_pieces_are_predicted_like_the_whole(tmp_path, predictor, scored, rows, chunk_rows):
    table = table_of(rows)
    pq.write_table(table, tmp_path / "in.parquet", row_group_size=7)

    out = pq.read_table(scored(tmp_path / "in.parquet", chunk_rows, "out.parquet"))

    known = table.set_column(
        1, "city", pc.if_else(pc.equal(table["city"], "NA"), None, table["city"])
    )
    whole = predictor.predict(from_table(known, predictor.info.data_schema))
    assert out.select(table.column_names) == table
    assert out["prediction"].to_pylist() == whole.values.tolist()
    found = np.stack([out[name].to_numpy() for name in ANSWERS[1:]], axis=1)
    np.testing.assert_array_equal(found, whole.probabilities)


@given(ROWS, st.integers(1, 70))
@without_pieces
def test_csv_and_parquet_agree(tmp_path, scored, rows, chunk_rows):
    table = table_of(rows)
    pq.write_table(table, tmp_path / "in.parquet")
    pcsv.write_csv(table, tmp_path / "in.csv")

    stored = pq.read_table(scored(tmp_path / "in.parquet", chunk_rows, "out.parquet"))
    text = read_table(scored(tmp_path / "in.csv", chunk_rows, "out.csv"))

    for name in ANSWERS:
        assert text[name].cast(stored[name].type) == stored[name]


@pytest.mark.parametrize("name", ["out.csv", "out.parquet"])
def test_the_size_of_the_pieces_does_not_show_in_the_bytes(tmp_path, scored, name):
    random = np.random.default_rng(0)
    rows = 600
    table = pa.table(
        {
            "age": random.integers(18, 90, rows),
            "city": random.choice(CITIES[:4], rows).astype(object),
            "income": random.normal(size=rows),
            "kept": pa.array(random.choice(["a", "b"], rows).astype(object)).dictionary_encode(),
        }
    )
    pq.write_table(table, tmp_path / "in.parquet", row_group_size=200)

    whole = scored(tmp_path / "in.parquet", 4096, f"whole-{name}").read_bytes()

    for chunk_rows in (1, 7, 199, 200, 201):
        path = scored(tmp_path / "in.parquet", chunk_rows, f"pieces-{name}")
        assert path.read_bytes() == whole, f"{chunk_rows} rows at a time"


def test_a_disk_that_is_full_is_told_with_the_name_of_the_output(tmp_path, scored, monkeypatch):
    def write(*_):
        raise OSError(errno.ENOSPC, "Error writing bytes to file")

    pq.write_table(table_of([(1.0, "Oslo", 2.0)]), tmp_path / "in.parquet")
    monkeypatch.setattr(writers.ParquetWriter, "write", write)

    with pytest.raises(DataError, match=r"out\.parquet' cannot be written: "):
        scored(tmp_path / "in.parquet", 10, "out.parquet")

    assert [path.name for path in tmp_path.glob("*out*")] == []


def test_a_very_wide_file_that_does_not_fit_is_told_at_once(tmp_path, scored):
    names = ",".join(f"c{place}" for place in range(8_000))
    (tmp_path / "in.csv").write_text(f"{names}\n{names}\n")

    started = time.process_time()
    with pytest.raises(DataContractError, match="has no column 'age'"):
        scored(tmp_path / "in.csv", 10, "out.csv")

    assert time.process_time() - started < 1.5
