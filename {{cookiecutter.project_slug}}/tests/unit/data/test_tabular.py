import os

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from {{ cookiecutter.package_name }}.data import tabular
from {{ cookiecutter.package_name }}.data.tabular import as_numbers, read_table, without_missing
from {{ cookiecutter.package_name }}.schemas.errors import ConfigError, DataError, DataNotFound


def chunked(*values, of=None):
    return pa.chunked_array([pa.array(values, of)])


def test_csv_cells_stay_the_text_that_they_are(tmp_path):
    path = tmp_path / "rows.csv"
    path.write_text('code,flag,"a, b"\n007,True,1.50\n010,,"line\nbreak"\n', encoding="utf-8")

    table = read_table(path)

    assert table.to_pydict() == {
        "code": ["007", "010"],
        "flag": ["True", ""],
        "a, b": ["1.50", "line\nbreak"],
    }


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_read_off_the_header(tmp_path, delimiter):
    path = tmp_path / "rows.csv"
    path.write_text(delimiter.join(["a", '"b,c;d"']) + "\n" + delimiter.join("12") + "\n")

    assert read_table(path).column_names == ["a", "b,c;d"]


def test_a_byte_order_mark_is_no_part_of_the_first_name(tmp_path):
    path = tmp_path / "rows.csv"
    path.write_text("a,b\n1,2\n", encoding="utf-8-sig")

    assert read_table(path).column_names == ["a", "b"]


def test_a_line_break_in_a_cell_may_fall_between_two_blocks(tmp_path, monkeypatch):
    monkeypatch.setattr(tabular, "_BLOCK_BYTES", 64)
    path = tmp_path / "rows.csv"
    cells = [f"{i}\n{'x' * (i % 30)}" for i in range(100)]
    path.write_text("a,b\n" + "".join(f'"{cell}",1\n' for cell in cells))

    assert read_table(path).column("a").to_pylist() == cells


def test_folder_names_add_no_columns(tmp_path):
    path = tmp_path / "year=2024" / "rows.parquet"
    path.parent.mkdir()
    pq.write_table(pa.table({"a": [1]}), path)

    assert read_table(path).column_names == ["a"]


BAD_FILES = [
    ("gone.csv", None, DataNotFound, "There is no data file 'gone.csv'."),
    ("empty.csv", b"", DataError, "'empty.csv' is empty (0 bytes)."),
    ("header.csv", b"a,b\n", DataError, "'header.csv' has a header but no rows."),
    (
        "words.docx",
        b"PK",
        ConfigError,
        "'words.docx' has the extension '.docx': expected one of .csv, .tsv, .parquet, .pq.",
    ),
    (
        "passwd",
        b"a,b",
        ConfigError,
        "'passwd' has no extension: expected one of .csv, .tsv, .parquet, .pq.",
    ),
    (
        "picture.csv",
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
        DataError,
        "'picture.csv' is not UTF-8 text: expected a CSV file saved as UTF-8.",
    ),
    (
        "ragged.csv",
        b"a,b\n1,2\n1,2,3\n",
        DataError,
        "'ragged.csv' cannot be read as csv: "
        "CSV parse error: Row #3: Expected 2 columns, got 3: 1,2,3",
    ),
    (
        "latin.csv",
        b"a,b\n1,caf\xe9\n",
        DataError,
        "'latin.csv' is not UTF-8 text: expected a CSV file saved as UTF-8.",
    ),
]


@pytest.mark.parametrize(
    ("name", "content", "error", "sentence"), BAD_FILES, ids=[row[0] for row in BAD_FILES]
)
def test_a_bad_file_is_one_sentence(tmp_path, monkeypatch, name, content, error, sentence):
    monkeypatch.chdir(tmp_path)
    if content is not None:
        (tmp_path / name).write_bytes(content)

    with pytest.raises(error) as raised:
        read_table(tmp_path.__class__(name))

    assert str(raised.value) == sentence
    assert type(raised.value) is error


def test_a_damaged_parquet_file_and_a_folder_are_sentences(tmp_path):
    damaged = tmp_path / "rows.parquet"
    pq.write_table(pa.table({"a": [1]}), damaged)
    damaged.write_bytes(damaged.read_bytes()[:-6])

    with pytest.raises(DataError, match=r"cannot be read as parquet: .*magic bytes"):
        read_table(damaged)
    with pytest.raises(DataError, match=r"is a folder: expected a CSV or Parquet file\."):
        read_table(tmp_path)


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read every file"
)
def test_a_file_without_permission_is_a_sentence(tmp_path):
    path = tmp_path / "rows.csv"
    path.write_text("a\n1\n")
    path.chmod(0)

    with pytest.raises(DataError, match=r"cannot be read: permission denied\."):
        read_table(path)


def test_numbers_are_what_people_write_as_numbers():
    spelled = chunked("1", " 2.5 ", "+3", "-.5", "1e3", "NA", "", None, "12a", "1_0", "Inf")

    numbers, wrong = as_numbers(spelled)

    expected = [1, 2.5, 3, -0.5, 1000, None, None, None, None, None, float("inf")]
    assert numbers.to_pylist() == expected
    assert [i for i, bad in enumerate(wrong.to_pylist()) if bad] == [8, 9]


SPELLED = [
    "NAN", "-nan", "nan(1)", "inf", "INF", "-Infinity", "1e400", "1e-400", "+1", "+inf", "1.", ".5",
    "1E+5", "0x10", "1_0", "1e", "-", ".", "--1", "1,5", " 7 ", "true", "٣",
]  # fmt: skip


@pytest.mark.parametrize("text", SPELLED)
def test_a_value_is_read_alike_in_any_company(text):
    alone = [values.to_pylist()[0] for values in as_numbers(chunked(text))]
    beside_a_number = [values.to_pylist()[0] for values in as_numbers(chunked(text, "1"))]
    beside_a_word = [values.to_pylist()[0] for values in as_numbers(chunked(text, "word"))]

    assert alone == beside_a_number == beside_a_word


def test_what_is_no_number_to_people_is_none_alone_either():
    numbers, wrong = as_numbers(chunked("nan(1)", "NAN", "INF"))

    assert numbers.to_pylist() == [None, None, float("inf")]
    assert wrong.to_pylist() == [True, False, False]


def test_all_numbers_need_no_second_look():
    numbers, wrong = as_numbers(chunked(1, None, 3))

    assert numbers.to_pylist() == [1.0, None, 3.0]
    assert not any(wrong.to_pylist())


def test_a_type_that_holds_no_numbers_is_wrong_in_every_row():
    numbers, wrong = as_numbers(chunked([1], None, [2]))

    assert numbers.to_pylist() == [None, None, None]
    assert wrong.to_pylist() == [True, False, True]


def test_nan_and_the_spellings_of_missing_are_null():
    assert without_missing(chunked(1.0, float("nan"))).to_pylist() == [1.0, None]
    assert without_missing(chunked("a", "NA", " nan ")).to_pylist() == ["a", None, None]
    assert without_missing(chunked(1, None)).to_pylist() == [1, None]
