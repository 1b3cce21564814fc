from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from {{ cookiecutter.package_name }}.inference import upload_limits, uploads
from {{ cookiecutter.package_name }}.inference.upload_limits import check_size
from {{ cookiecutter.package_name }}.schemas.errors import DataError


def written(path: Path, **columns: object) -> Path:
    pq.write_table(pa.table(columns), path)
    return path


def test_a_small_file_of_very_many_cells_is_refused_before_it_is_decoded(
    tmp_path, mixed_schema, monkeypatch
) -> None:
    zeros = pa.array(np.zeros(900_000, dtype=np.int8))
    content = written(tmp_path / "bomb.parquet", **{f"c{n}": zeros for n in range(12)}).read_bytes()
    monkeypatch.setattr(uploads, "read_table", lambda path: pytest.fail("decoded"))

    with pytest.raises(DataError, match=r"^'bomb\.parquet' has 10,800,000 cells: expected at most"):
        uploads.read_upload("bomb.parquet", content, mixed_schema)


def test_a_text_that_many_cells_share_counts_for_each(tmp_path) -> None:
    text = pa.DictionaryArray.from_arrays(pa.array([0] * 1000, pa.int32()), ["x" * 1_000_000])
    bomb = written(tmp_path / "bomb.parquet", city=text)

    with pytest.raises(DataError, match="has 1,000,000,000 bytes of cells"):
        check_size(bomb)


def test_the_elements_of_lists_are_cells(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(upload_limits, "MOST_CELLS", 99)
    lists = written(tmp_path / "lists.parquet", city=[["a"] * 50, ["b"] * 50])

    with pytest.raises(DataError, match="has 100 cells"):
        check_size(lists)


@pytest.mark.parametrize(
    ("limit", "words"),
    [
        ("MOST_CELLS", "has 9 cells: expected at most 2"),
        ("MOST_ROWS", "has 3 rows"),
        ("MOST_COLUMNS", "has 3 columns"),
    ],
)
def test_text_files_have_the_same_limits(tmp_path, monkeypatch, limit: str, words: str) -> None:
    table = tmp_path / "new.csv"
    table.write_text('a;"b";c\n1;2;3\n4;5;6\n')
    check_size(table)
    monkeypatch.setattr(upload_limits, limit, 2)

    with pytest.raises(DataError, match=words):
        check_size(table)


def test_what_fits_is_left_alone(tmp_path) -> None:
    check_size(
        written(tmp_path / "new.parquet", age=[1, None], city=["Oslo", None], tags=[[], [""]])
    )
