import pyarrow as pa
import pytest

from {{ cookiecutter.package_name }}.data.common import common_schema

EXACT = pa.decimal128(20, 0)

WIDER = [
    (pa.int8(), pa.int64(), pa.int64()),
    (pa.uint8(), pa.uint64(), pa.uint64()),
    (pa.int64(), pa.uint64(), EXACT),
    (EXACT, pa.int64(), EXACT),
    (pa.int16(), pa.float32(), pa.float64()),
    (pa.decimal128(10, 2), pa.int64(), pa.decimal128(22, 2)),
    (pa.decimal128(38, 2), pa.decimal128(38, 30), pa.decimal256(66, 30)),
    (pa.decimal256(76, 2), pa.decimal256(70, 60), pa.float64()),
    (pa.decimal128(10, 2), pa.float32(), pa.float64()),
    (pa.string(), pa.large_string(), pa.large_string()),
    (pa.dictionary(pa.int8(), pa.string()), pa.string(), pa.string()),
    (pa.null(), pa.int64(), pa.int64()),
]


@pytest.mark.parametrize(("one", "other", "wider"), WIDER)
def test_a_column_has_a_type_that_holds_its_values_in_every_file(one, other, wider):
    for first, second in ((one, other), (other, one)):
        files = [("a", pa.schema({"x": first})), ("b", pa.schema({"x": second}))]

        assert common_schema(files) == (pa.schema({"x": wider}), {})


@pytest.mark.parametrize("other", [pa.string(), pa.bool_(), pa.date32()])
def test_types_that_have_none_in_common_are_told_of_and_stop_nothing(other):
    files = [("a", pa.schema({"x": pa.int64()})), ("b", pa.schema({"x": other}))]

    schema, clashes = common_schema(files)

    assert schema.field("x").type == pa.int64()
    assert clashes == {
        "x": f"Column 'x' holds int64 in 'a' and {other} in 'b': expected one type in all files."
    }


def test_the_columns_of_a_single_file_stay_as_they_are():
    schema = pa.schema([("x", pa.int64()), ("x", pa.string())])

    assert common_schema([("a", schema)]) == (schema, {})
