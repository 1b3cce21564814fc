import os
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from {{ cookiecutter.package_name }}.data import files as files_module
from {{ cookiecutter.package_name }}.data.files import Files
from {{ cookiecutter.package_name }}.schemas.errors import DataError


@pytest.fixture
def files_of(tmp_path):
    """Makes files of texts or tables by their names, and opens them as one table."""

    def opened(**named):
        paths = {}
        for stem, content in named.items():
            csv = isinstance(content, str)
            name = f"{stem}.csv" if csv else f"{stem}.parquet"
            paths[name] = tmp_path / name
            if csv:
                paths[name].write_text(content)
            else:
                pq.write_table(pa.table(content), paths[name])
        return Files.of(paths, source="folder", version="sha256:1")

    return opened


def rows_of(files, rows=100, columns=None):
    return pa.concat_tables(part.table for part in files.parts(rows, columns)).to_pydict()


def test_files_follow_each_other_by_name_and_each_counts_its_own_rows(files_of):
    files = files_of(b="x,y\n3,4\n", a="x,y\n1,2\n5,6\n9,9\n")

    told = [(part.file, part.first_row, part.table.num_rows) for part in files.parts(2)]

    assert told == [("a.csv", 2, 2), ("a.csv", 4, 1), ("b.csv", 2, 1)]
    assert rows_of(files) == {"x": ["1", "5", "9", "3"], "y": ["2", "6", "9", "4"]}
    shares = [part.share for part in files.parts(1)]
    assert shares == sorted(shares)
    assert shares[-1] == 1


def test_columns_may_come_in_another_order_and_whole_numbers_beside_real_ones(files_of):
    files = files_of(a={"x": [1], "t": ["u"]}, b={"t": [None], "x": [0.5]})

    assert files.schema.names == ["x", "t"]
    assert files.schema.types == [pa.float64(), pa.string()]
    assert rows_of(files, columns=["t", "x"]) == {"t": ["u", None], "x": [1.0, 0.5]}


def test_whole_numbers_that_no_real_number_holds_are_rounded_not_refused(files_of):
    files = files_of(a={"x": [2**60 + 1]}, b={"x": [0.5]})

    assert rows_of(files) == {"x": [2.0**60, 0.5]}


def test_categories_of_one_file_are_texts_beside_those_of_another(files_of):
    files = files_of(a={"c": pa.array(["u", "v"]).dictionary_encode()}, b={"c": ["w"]})

    assert rows_of(files) == {"c": ["u", "v", "w"]}


def test_a_file_without_rows_is_no_harm_beside_one_with_rows(files_of):
    assert rows_of(files_of(a="x\n", b="x\n1\n")) == {"x": ["1"]}

    with pytest.raises(DataError, match=r"^'folder' has a header but no rows\.$"):
        rows_of(files_of(c="x\n"))


REFUSED = [
    (
        {"a": "x,y,z\n1,2,3\n", "b": "x,w\n1,2\n"},
        "'a.csv' and 'b.csv' have different columns: only 'a.csv' has 'y', 'z' and only 'b.csv' "
        "has 'w'.",
    ),
    (
        {"a": "x\n1\n", "b": "x,x\n1,2\n"},
        "'b.csv' has more than one column 'x'.",
    ),
    (
        {"a": "x,x\n1,2\n", "b": "x,x\n1,2\n"},
        "'a.csv' has more than one column 'x'.",
    ),
    (
        {"a": {"x": [1]}, "b": {"x": ["one"]}},
        "Column 'x' holds int64 in 'a.parquet' and string in 'b.parquet': expected one type in all "
        "files.",
    ),
    (
        {"a": "x\n1\n", "b": {"x": [1]}},
        "'folder' has CSV and Parquet files together (a.csv, b.parquet): keep one of the two.",
    ),
]


@pytest.mark.parametrize(("named", "sentence"), REFUSED)
def test_files_that_do_not_fit_together_are_one_sentence(files_of, named, sentence):
    with pytest.raises(DataError) as raised:
        rows_of(files_of(**named))

    assert str(raised.value) == sentence


def test_a_column_that_nobody_reads_may_have_any_types(files_of):
    files = files_of(a={"x": [1], "t": [[1]]}, b={"x": [2], "t": ["u"]})

    assert rows_of(files, columns=["x"]) == {"x": [1, 2]}


EXACT = [
    (pa.array([-1]), pa.array([2**64 - 1], pa.uint64()), [-1, 2**64 - 1]),
    (pa.array([Decimal("1.25")]), pa.array([2**62 + 1]), [Decimal("1.25"), 2**62 + 1]),
    (pa.array([1], pa.int8()), pa.array([2**60]), [1, 2**60]),
    (pa.array([Decimal("0.5")]), pa.array([0.25]), [0.5, 0.25]),
]


@pytest.mark.parametrize(("one", "other", "values"), EXACT)
def test_numbers_of_two_types_keep_their_values(files_of, one, other, values):
    assert rows_of(files_of(a={"x": one}, b={"x": other})) == {"x": values}


def test_a_moment_that_finer_units_cannot_hold_is_one_sentence(files_of):
    far = pa.array([10**17], pa.timestamp("ms"))
    files = files_of(a={"t": far}, b={"t": pa.array([1], pa.timestamp("ns"))})

    with pytest.raises(DataError, match=r"a\.parquet' cannot be read as parquet: Casting"):
        rows_of(files)


def test_a_file_that_changes_between_two_readings_is_refused(files_of, tmp_path):
    files = files_of(a="x\n1\n")
    rows_of(files)
    os.utime(tmp_path / "a.csv", ns=(1, 1))

    with pytest.raises(DataError, match=r"^'a.csv' was changed while it was read"):
        rows_of(files)


def test_long_rows_come_in_shorter_parts(files_of, monkeypatch):
    monkeypatch.setattr(files_module, "_MOST_BYTES", 50_000)
    files = files_of(a={"t": [f"{place}" * 10_000 for place in range(10)]})

    lengths = [part.table.num_rows for part in files.parts(10)]

    assert sum(lengths) == 10
    assert max(lengths) < 10


def test_a_version_that_is_worked_out_meanwhile_is_asked_for_late(tmp_path):
    (tmp_path / "a.csv").write_text("x\n1\n")
    asked = []
    files = Files.of({"a": tmp_path / "a.csv"}, "a", lambda: asked.append(1) or "later")

    assert not asked
    assert files.version == "later"


@pytest.mark.parametrize("coded", [False, True])
def test_parts_of_long_texts_that_repeat_are_short(files_of, coded):
    texts = pa.array(["q" * 100_000, "r" * 100_000] * 1000)
    files = files_of(a={"t": texts.dictionary_encode() if coded else texts})

    part = next(files.parts(1 << 17))

    assert 100 < part.table.num_rows < 200
