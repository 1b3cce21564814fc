import math

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from {{ cookiecutter.package_name }}.inference.contract import model_columns
from {{ cookiecutter.package_name }}.inference.records import features_from_rows
from {{ cookiecutter.package_name }}.schemas.dataset import Column, DataSchema, Target
from {{ cookiecutter.package_name }}.schemas.errors import DataContractError, InvalidRequest

COLUMNS = (
    Column(name="size", kind="number", lowest=0, highest=500, required=True),
    Column(name="age", kind="number", lowest=0),
    Column(name="rooms", kind="number"),
    Column(name="city", kind="category", allowed=("Oslo", "Rome", "1", "true")),
    Column(name="street", kind="category", required=True),
)
SCHEMA = DataSchema(columns=COLUMNS, target=Target(name="price", task="regression"))
GOOD = {"size": 90.5, "age": 3, "rooms": None, "city": "Oslo", "street": "Main"}

GOOD_ROW = {name: [usual] for name, usual in GOOD.items()}


def told(columns, first_row=2):
    with pytest.raises(DataContractError) as raised:
        model_columns(pa.table(columns), SCHEMA, "new.csv", first_row)
    return str(raised.value)


def test_what_the_contract_allows_is_read():
    rows = pa.table(
        {
            "size": ["0", "500", "90.5"],
            "age": ["", "1e38", "0"],
            "rooms": ["-7", "NA", "3"],
            "city": ["Oslo", "", "1"],
            "street": ["a", "b", "c"],
            "more": [1, 2, 3],
        }
    )

    typed = model_columns(rows, SCHEMA, "new.csv", 2)

    assert typed.column_names == ["size", "age", "rooms", "city", "street"]
    assert typed.column("size").to_pylist() == [0, 500, 90.5]
    assert typed.column("age").to_pylist() == [None, 1e38, 0]
    assert typed.column("city").to_pylist() == ["Oslo", None, "1"]


@pytest.mark.parametrize(
    ("value", "line"),
    [
        ({"size": 501.5}, "column 'size': expected a number from 0 to 500, got '501.5'"),
        ({"size": None}, "column 'size': expected a number from 0 to 500, got no value"),
        ({"size": "big"}, "column 'size': expected a number from 0 to 500, got 'big'"),
        ({"age": -1}, "column 'age': expected a number of at least 0, got '-1'"),
        ({"rooms": math.inf}, "column 'rooms': expected a finite number, got 'inf'"),
        (
            {"rooms": 1e39},
            "column 'rooms': expected a number that fits 32-bit floating point (up to 3.4e38), "
            "got '1e+39'",
        ),
        (
            {"city": "Paris"},
            "column 'city': expected one of 'Oslo', 'Rome', '1', 'true', got 'Paris'",
        ),
        ({"street": ""}, "column 'street': expected a value, got no value"),
    ],
)
def test_a_value_that_a_column_does_not_take_is_told_with_its_place(value, line):
    columns = {name: [usual, value.get(name, usual)] for name, usual in GOOD.items()}
    if "size" in value:
        columns["size"] = [None if v is None else str(v) for v in columns["size"]]

    assert told(columns) == f"'new.csv', row 3, {line}."


def test_every_wrong_column_is_told_at_once_with_three_rows_of_each():
    columns = {name: [usual] * 50 for name, usual in GOOD.items()}
    columns |= {"size": [-1.0] * 50, "city": ["Paris"] * 50}

    lines = told(columns).splitlines()

    assert [line.split(":")[0] for line in lines] == [
        "'new.csv', row 2, column 'size'",
        "'new.csv', row 3, column 'size'",
        "'new.csv', row 4, column 'size'",
        "'new.csv', row 2, column 'city'",
        "'new.csv', row 3, column 'city'",
        "'new.csv', row 4, column 'city'",
        "… and 94 more in these rows.",
    ]


def test_a_file_whose_every_column_is_wrong_is_not_told_whole():
    columns = tuple(Column(name=f"x{i}", kind="number", highest=0) for i in range(300))
    schema = SCHEMA.model_copy(update={"columns": columns})
    rows = pa.table({column.name: [1.0, 2.0] for column in columns})

    with pytest.raises(DataContractError) as raised:
        model_columns(rows, schema, "new.csv", 2)

    lines = str(raised.value).splitlines()
    assert len(lines) == 21
    assert lines[-1] == "… and 580 more in these rows."


def test_a_column_of_a_dictionary_is_read_as_what_it_holds():
    columns = {name: [usual] for name, usual in GOOD.items()}
    columns["city"] = pa.array(["NA"]).dictionary_encode()

    typed = model_columns(pa.table(columns), SCHEMA, "new.parquet", 1)

    assert typed.column("city").to_pylist() == [None]


numbers = st.none() | st.sampled_from([-1, 0, 0.5, 500, 500.0000001, 1e38, 1e39, -1e39])
texts = st.none() | st.sampled_from(["", "Oslo", "1", "Paris", "true"])


@given(numbers, numbers, numbers, texts, texts)
def test_a_file_and_a_request_are_held_to_the_same(size, age, rooms, city, street):
    values = dict(zip(GOOD, (size, age, rooms, city, street), strict=True))
    types = [pa.float64()] * 3 + [pa.string()] * 2
    table = pa.table(
        [pa.array([v], t) for v, t in zip(values.values(), types, strict=True)], [*GOOD]
    )

    def refused(read):
        try:
            read()
        except InvalidRequest as error:
            return [problem.field for problem in error.errors]
        except DataContractError as error:
            return [line.split("'")[3] for line in str(error).splitlines()]
        return []

    in_file = refused(lambda: model_columns(table, SCHEMA, "f", 1))
    assert in_file == refused(lambda: features_from_rows([values], SCHEMA, 1))


@pytest.mark.parametrize(
    "column",
    [pa.array([[1]]), pa.array([{"a": 1}]), pa.array([b"a"]), pa.array([b"0" * 16], pa.uuid())],
)
def test_a_category_column_of_what_prepare_does_not_take_is_refused(column):

    assert told(GOOD_ROW | {"city": column}) == (
        f"Column 'city' holds {column.type}: expected numbers, text or booleans."
    )


@pytest.mark.parametrize("zone", [None, "UTC", "Mars/Base"])
def test_a_moment_that_no_calendar_has_is_refused_like_any_other(zone):
    far = pa.array([2**62], pa.timestamp("us", zone))

    assert "column 'size': expected" in told(GOOD_ROW | {"size": far})
    assert told(GOOD_ROW | {"city": far}).startswith("Column 'city' holds timestamp[us")
