import io

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from logged import NOON, label, request

from {{ cookiecutter.package_name }}.integrations.s3.log_files import (
    LogFile,
    day_of,
    described,
    files_of,
    read,
)
from {{ cookiecutter.package_name }}.schemas.errors import StoreUnavailable


def test_a_name_says_the_day_the_first_moment_and_how_many():
    ((name, _),) = files_of("requests", [request(7), request(2)])

    assert described("logs/requests/", f"logs/requests/{name}") == LogFile(
        f"logs/requests/{name}", "2030-01-01", NOON + 2, 2
    )


@pytest.mark.parametrize(
    "name", ["notes.txt", "date=2030-01-01/notes.parquet", "date=x/1-1-a.parquet"]
)
def test_other_objects_are_no_files_of_a_log(name):
    assert described("logs/", f"logs/{name}") is None


def test_a_day_is_one_of_utc():
    assert (day_of(NOON), day_of(NOON + 43199), day_of(NOON + 43200)) == (
        "2030-01-01",
        "2030-01-01",
        "2030-01-02",
    )


def test_records_come_back_as_they_were():
    written = [request(1, "yes", "no"), request(2, 2.5, probabilities=None)]
    ((_, content),) = files_of("requests", written)
    ((_, told),) = files_of("labels", [label(1, "no", source=None)])

    assert [
        type(written[0])(**row) for row in read("requests", content, None, "x").to_pylist()
    ] == (written)
    assert read("labels", told, ["label", "source"], "x").to_pylist() == [
        {"label": "no", "source": None}
    ]


def test_a_file_of_something_else_is_refused_by_its_name():
    stream = io.BytesIO()
    pq.write_table(pa.table({"a": [1]}), stream)

    with pytest.raises(StoreUnavailable, match="s3://b/x is no file of a prediction log"):
        read("requests", stream.getvalue(), None, "s3://b/x")
