import csv
from dataclasses import replace

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from logged import NOON, label, request

from {{ cookiecutter.package_name }}.integrations.prediction_log import exporting, reading
from {{ cookiecutter.package_name }}.integrations.prediction_log.exporting import export
from {{ cookiecutter.package_name }}.schemas.errors import ConfigError, DataError
from {{ cookiecutter.package_name }}.schemas.logged_rows import Selection

ALL = Selection()


@pytest.mark.parametrize("at_once", [1, 2, 1000])
def test_rows_become_columns_with_their_answer_and_label(
    url, store, tmp_path, monkeypatch, at_once
):
    monkeypatch.setattr(exporting, "_AT_ONCE", at_once)
    store.write([request(1, "yes", "no", rows=[[31, "Oslo"], [None, "Bergen"]])], [label(1, "no")])

    assert export(url, ALL, tmp_path / "new.parquet") == 2

    table = pq.read_table(tmp_path / "new.parquet")
    assert table.drop_columns(["answered"]).to_pydict() == {
        "age": [31.0, None],
        "city": ["Oslo", "Bergen"],
        "prediction": ["yes", "no"],
        "probability": [0.75, 0.75],
        "label": ["no", None],
        "request_id": ["r1", "r1"],
        "row_index": [0, 1],
        "version": ["1", "1"],
    }
    assert table.schema.field("answered").type == pa.timestamp("us", tz="UTC")
    assert [when.timestamp() for when in table["answered"].to_pylist()] == [NOON + 1] * 2


def test_a_csv_file_has_the_same_columns(url, store, tmp_path):
    store.write([request(1, "yes", rows=[[31.5, 'a "b", c']])], [])

    export(url, ALL, tmp_path / "new.csv")

    with (tmp_path / "new.csv").open(newline="") as stream:
        (row,) = csv.DictReader(stream)
    assert (row["age"], row["city"], row["label"]) == ("31.5", 'a "b", c', "")
    assert row["answered"].startswith("2030-01-01 12:00:01")


def test_a_column_that_only_some_versions_have_is_empty_elsewhere(url, store, tmp_path):
    wider = request(2, columns=["age", "city", "income"], rows=[[40, "Oslo", 2.5]])
    store.write([request(1), wider, request(3, columns=["age"], rows=[[50]])], [])

    export(url, ALL, tmp_path / "new.parquet")

    table = pq.read_table(tmp_path / "new.parquet")
    assert table["income"].to_pylist() == [None, 2.5, None]
    assert table["city"].to_pylist() == ["Oslo", "Oslo", None]


def test_a_column_that_is_not_always_a_number_becomes_text(url, store, tmp_path):
    mixed = [request(1, rows=[[1.0, "x"]]), request(2, rows=[["1f3a", True]])]
    store.write(mixed, [])

    export(url, ALL, tmp_path / "new.parquet")

    table = pq.read_table(tmp_path / "new.parquet")
    assert table["age"].to_pylist() == ["1", "1f3a"]
    assert table["city"].to_pylist() == ["x", "true"]


def test_a_column_of_the_model_keeps_its_name_and_ours_gets_another(url, store, tmp_path):
    store.write([request(1, columns=["label", "city"], rows=[[1, "x"]])], [label(1, "no")])

    export(url, ALL, tmp_path / "new.parquet")

    table = pq.read_table(tmp_path / "new.parquet")
    assert (table["label"].to_pylist(), table["log_label"].to_pylist()) == ([1.0], ["no"])


@pytest.mark.parametrize(
    ("late", "target"),
    [
        (request(9, columns=["age", "new"], rows=[[1, 2]]), None),
        (request(9, rows=[["text", "Oslo"]]), None),
        (request(9, columns=["age"], rows=[[1]]), "churned"),
    ],
    ids=["another column", "another kind of value", "a data set lacks one"],
)
def test_rows_that_come_in_between_are_told_of(url, store, tmp_path, monkeypatch, late, target):
    store.write([request(1)], [label(1, "no")])
    passes = []

    def opened(*asked):
        if passes:
            store.write([late], [label(9, "no")])
        passes.append(asked)
        return reading.opened(*asked)

    monkeypatch.setattr(exporting, "opened", opened)

    with pytest.raises(DataError, match="came in meanwhile"):
        export(url, ALL, tmp_path / "new.parquet", target)

    assert list(tmp_path.glob("new*")) == []


def test_a_version_whose_columns_were_kept_differently_is_told_by_its_time(url, store, tmp_path):
    store.write(
        [request(1), request(9, columns=["age"], rows=[[1]])], [label(1, "no"), label(9, "no")]
    )

    with pytest.raises(
        DataError, match=r"other columns before 2030-01-01T12:00:09\+00:00.*--since"
    ):
        export(url, ALL, tmp_path / "new.parquet", "churned")


def test_where_there_is_nothing_a_former_file_stays(url, store, tmp_path):
    (tmp_path / "new.csv").write_text("former")

    with pytest.raises(DataError, match="no such rows"):
        export(url, ALL, tmp_path / "new.csv")

    assert (tmp_path / "new.csv").read_text() == "former"


@pytest.mark.parametrize(
    ("name", "message"),
    [("rows.txt", "extension '.txt'"), ("no/rows.csv", "no folder"), ("dir.csv", "is a folder")],
)
def test_a_target_that_cannot_be_written_is_refused(url, store, tmp_path, name, message):
    (tmp_path / "dir.csv").mkdir()

    with pytest.raises(ConfigError, match=message):
        export(url, ALL, tmp_path / name)


def test_only_rows_that_are_known_are_exported_with_the_columns_of_a_data_set(url, store, tmp_path):
    two = request(1, "yes", "no", rows=[[31, "Oslo"], [None, "Bergen"]])
    store.write([two, request(2), request(3, "no")], [label(1, "no", 1), label(3, "yes")])

    assert export(url, ALL, tmp_path / "new.parquet", target="churned") == 2

    assert pq.read_table(tmp_path / "new.parquet").to_pydict() == {
        "age": [None, 33.5],
        "city": ["Bergen", "Oslo"],
        "churned": ["no", "yes"],
    }


def test_a_data_set_has_no_rows_of_models_with_different_columns(url, store, tmp_path):
    other = replace(request(2, columns=["income"], rows=[[2.5]]), version="9")
    store.write([request(1), other], [label(1, "no"), label(2, "yes")])

    with pytest.raises(DataError, match=r"Versions \w+ and 9 have different columns, and no data"):
        export(url, ALL, tmp_path / "new.parquet", target="churned")

    assert list(tmp_path.glob("new*")) == []
    assert export(url, replace(ALL, version="9"), tmp_path / "new.parquet", target="churned") == 1


def test_a_label_that_is_a_number_is_exported_as_one(url, store, tmp_path):
    store.write([request(1, 2.5), request(2, 1)], [label(1, "3.5"), label(2, "4")])

    export(url, ALL, tmp_path / "new.parquet", target="price")

    assert pq.read_table(tmp_path / "new.parquet")["price"].to_pylist() == [3.5, 4.0]


def test_where_no_label_is_known_nothing_is_written(url, store, tmp_path):
    store.write([request(1)], [])

    with pytest.raises(DataError, match="no such rows with a label"):
        export(url, ALL, tmp_path / "new.parquet", target="label")


def test_a_target_that_is_a_column_of_the_model_is_refused(url, store, tmp_path):
    store.write([request(1)], [label(1, "no")])

    with pytest.raises(ConfigError, match="'age' is a column of the model"):
        export(url, ALL, tmp_path / "new.parquet", target="age")

    assert list(tmp_path.glob("new*")) == []
