import io

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from {{ cookiecutter.package_name }}.inference.uploads import (
    PROBLEM,
    answers_first,
    as_file,
    read_upload,
    results,
)
from {{ cookiecutter.package_name }}.schemas.dataset import Column, DataSchema, Target
from {{ cookiecutter.package_name }}.schemas.errors import (
    ConfigError,
    DataContractError,
    DataError,
)
from {{ cookiecutter.package_name }}.schemas.serving import Answer

CSV = b"id,income,city,age\n1,3.5,Oslo,61\n2,NA,,30\n3,much,Rome,inf\n"


def parquet(**columns) -> bytes:
    stream = io.BytesIO()
    pq.write_table(pa.table(columns), stream)
    return stream.getvalue()


def answer(*values: str) -> Answer:
    return Answer(values, tuple((0.25, 0.75) for _ in values), ("no", "yes"), "7", 1.0)


def test_good_rows_are_asked_and_others_say_what_is_wrong(mixed_schema) -> None:
    upload = read_upload("new.csv", CSV, mixed_schema)

    assert upload.rows == {0: [61.0, "Oslo", 3.5], 1: [30.0, None, None]}
    assert upload.problems == {2: "age: expected a finite number, got 'inf'"}


def test_rows_that_break_the_contract_are_not_asked() -> None:
    columns = (
        Column(name="age", kind="number", lowest=0, required=True),
        Column(name="city", kind="category", allowed=("Oslo",)),
    )
    schema = DataSchema(columns=columns, target=Target(name="y", task="regression"))

    upload = read_upload("new.csv", b"age,city\n3,Oslo\n-1,Oslo\n4,Rome\n,Oslo\n5,\n", schema)

    assert upload.rows == {0: [3.0, "Oslo"], 4: [5.0, None]}
    assert upload.problems == {
        1: "age: expected a number of at least 0, got '-1'",
        2: "city: expected 'Oslo', got 'Rome'",
        3: "age: expected a number of at least 0, got no value",
    }


def test_results_keep_every_row_and_column_in_order(mixed_schema) -> None:
    upload = read_upload("new.csv", CSV, mixed_schema)

    table = results(upload, [answer("yes"), answer("no")], mixed_schema)

    assert table.column("id").to_pylist() == ["1", "2", "3"]
    assert table.column("prediction").to_pylist() == ["yes", "no", None]
    assert table.column("probability_yes").to_pylist() == [0.75, 0.75, None]
    assert [bool(text) for text in table.column(PROBLEM).to_pylist()] == [False, False, True]


def test_without_problems_there_is_no_column_for_them(mixed_schema) -> None:
    upload = read_upload("new.csv", b"age,city,income\n61,Oslo,3\n", mixed_schema)

    assert PROBLEM not in results(upload, [answer("yes")], mixed_schema).column_names


def test_regression_gives_numbers() -> None:
    schema = DataSchema(
        columns=(Column(name="x", kind="number"),), target=Target(name="y", task="regression")
    )
    upload = read_upload("new.csv", b"x\n1\n", schema)

    table = results(upload, [Answer((2.5,), (), (), "7", 1.0)], schema)

    assert table.column("prediction").to_pylist() == [2.5]
    assert table.column_names == ["x", "prediction"]


@pytest.mark.parametrize("name", ["new.csv", "new.TSV", "new.parquet"])
def test_results_are_written_as_the_upload_was(mixed_schema, name: str) -> None:
    content = parquet(age=[61], city=["Oslo"], income=[3.5])
    if "parquet" not in name:
        content = b"age\tcity\tincome\n61\tOslo\t3.5\n"
    upload = read_upload(name, content, mixed_schema)

    written = as_file(results(upload, [answer("yes")], mixed_schema), name)
    without = DataSchema(columns=mixed_schema.columns, target=Target(name="y", task="regression"))

    assert upload.rows == {0: [61.0, "Oslo", 3.5]}
    with pytest.raises(DataContractError, match="already has a column 'prediction'"):
        read_upload(name, written, without)


def test_a_category_of_numbers_is_spelled_as_training_spelled_it(mixed_schema) -> None:
    content = parquet(age=[61, 62], city=[1.0, None], income=[3, None])

    upload = read_upload("new.parquet", content, mixed_schema)

    assert upload.rows == {0: [61.0, "1", 3.0], 1: [62.0, None, None]}


def test_absent_and_double_columns_are_named(mixed_schema) -> None:
    with pytest.raises(DataContractError) as refused:
        read_upload("new.csv", b"age,age,city\n1,1,Oslo\n", mixed_schema)

    assert str(refused.value).splitlines() == [
        "'new.csv' has no column 'income', which the model reads.",
        "'new.csv' has more than one column 'age'.",
    ]


def test_another_format_is_refused(mixed_schema) -> None:
    with pytest.raises(ConfigError, match="expected one of"):
        read_upload("new.xlsx", b"PK", mixed_schema)


@pytest.mark.parametrize("content", [b"", b"not parquet"])
def test_a_damaged_file_is_told_under_the_name_that_it_came_with(mixed_schema, content) -> None:
    with pytest.raises(DataError, match=r"^'new\.parquet' "):
        read_upload("../../new.parquet", content, mixed_schema)


def test_answers_are_looked_at_before_what_was_asked_and_reasons_last(mixed_schema) -> None:
    upload = read_upload("new.csv", CSV, mixed_schema)
    table = results(upload, [answer("yes"), answer("no")], mixed_schema)

    names = answers_first(table, upload).column_names

    assert names[0] == "prediction"
    assert names[-5:] == ["id", "income", "city", "age", PROBLEM]
    assert sorted(names) == sorted(table.column_names)
