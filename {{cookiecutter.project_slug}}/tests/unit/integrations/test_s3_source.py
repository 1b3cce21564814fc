import hashlib

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from filelock import FileLock
from s3_memory import MemoryClient

from {{ cookiecutter.package_name }}.integrations import s3_source
from {{ cookiecutter.package_name }}.integrations.s3_source import S3Table
from {{ cookiecutter.package_name }}.schemas.errors import ConfigError, DataError


@pytest.fixture
def client(monkeypatch):
    made = MemoryClient()
    monkeypatch.setattr(s3_source, "connect", lambda _place, _workers: made)
    return made


def table(**options):
    given = {
        "name": "houses",
        "bucket": "acme",
        "prefix": "sets",
        "objects": "houses",
        "endpoint_url": "https://s3.test",
        "region": "eu-west-1",
        "workers": 2,
    }
    return S3Table(**{**given, **options})


def parquet(**columns):
    sink = pa.BufferOutputStream()
    pq.write_table(pa.table(columns), sink)
    return sink.getvalue().to_pybytes()


def test_one_csv_object_reads_like_a_file(project, client):
    content = b"a,b\n1,2\n"
    client.put("sets/rows.csv", content)

    raw = table(objects="rows.csv").load()

    assert raw.table.to_pydict() == {"a": ["1"], "b": ["2"]}
    assert raw.first_row == 2
    assert raw.source == "s3://acme/sets/rows.csv"
    assert raw.version == f"sha256:{hashlib.sha256(content).hexdigest()}"
    assert (project / "data" / "raw" / "houses" / "rows.csv").read_bytes() == content


def test_many_objects_are_one_table_in_the_order_of_their_keys(project, client):
    client.put("sets/houses/2.csv", b"b,a\n4,3\n")
    client.put("sets/houses/1.csv", b"a,b\n1,2\n")

    raw = table().load()

    assert raw.table.to_pydict() == {"a": ["1", "3"], "b": ["2", "4"]}
    assert raw.first_row == 1
    assert table().load().version == raw.version


def test_whole_numbers_and_fractions_fit_together(project, client):
    client.put("sets/houses/1.parquet", parquet(a=[1]))
    client.put("sets/houses/2.parquet", parquet(a=[1.5]))

    assert table().load().table.to_pydict() == {"a": [1.0, 1.5]}


@pytest.mark.parametrize(
    ("options", "key"),
    [
        ({"prefix": "/sets/", "objects": "/houses/"}, "sets/houses"),
        ({"prefix": "", "objects": "sets/houses"}, "sets/houses"),
        ({"prefix": None, "objects": "sets"}, "sets"),
        ({"prefix": "sets", "objects": ""}, "sets"),
        ({"prefix": 2024, "objects": 7}, "2024/7"),
    ],
)
def test_prefix_and_objects_make_the_key(project, client, options, key):
    client.put(f"{key}/x.csv", b"a\n1\n")

    assert table(**options).load().source == f"s3://acme/{key}"


@pytest.mark.parametrize(
    ("second", "told"),
    [
        (
            ("2.csv", b"a,c\n1,2\n"),
            "The object 'sets/houses/2.csv' has other columns than 'sets/houses/1.csv': only one "
            "of the two has 'b', 'c'.",
        ),
        (("2.parquet", parquet(a=["1"], b=["2"])), "There are CSV and Parquet objects together"),
        (("2.csv", b""), "houses/2.csv' is empty (0 bytes)."),
    ],
    ids=["other columns", "another format", "empty"],
)
def test_objects_that_do_not_fit_together_are_named(project, client, second, told):
    client.put("sets/houses/1.csv", b"a,b\n1,2\n")
    client.put(f"sets/houses/{second[0]}", second[1])

    with pytest.raises(DataError) as caught:
        table().load()

    assert told in str(caught.value)


def test_types_that_do_not_fit_together_are_told(project, client):
    client.put("sets/houses/1.parquet", parquet(a=[1]))
    client.put("sets/houses/2.parquet", parquet(a=["x"]))

    with pytest.raises(DataError, match=r"'sets/houses/1\.parquet' to 'sets/houses/2\.parquet'"):
        table().load()


@pytest.mark.parametrize("workers", [0, -1, "4", True, None])
def test_the_number_of_workers_is_checked(project, client, workers):
    with pytest.raises(ConfigError, match=rf"^data\.workers is {workers!r}: expected a number"):
        table(workers=workers).load()


def test_two_at_once_do_not_write_to_one_folder(project, client):
    client.put("sets/houses/1.csv", b"a\n1\n")
    folder = project / "data" / "raw" / "houses"
    folder.mkdir(parents=True)

    with FileLock(folder / ".lock"), pytest.raises(DataError, match="Another process fetches to"):
        table().load()


def test_a_folder_that_cannot_be_made_is_told(project, client):
    client.put("sets/houses/1.csv", b"a\n1\n")
    (project / "data").write_text("in the way")

    with pytest.raises(DataError, match="'data/raw/houses' cannot be written to: "):
        table().load()


def test_what_was_fetched_is_said_once(project, client, capsys):
    client.put("sets/houses/1.csv", b"a\n1\n")

    table().load()
    assert (
        capsys.readouterr().err == "fetched 4 bytes from s3://acme/sets/houses (1 new or changed)\n"
    )
    table().load()
    assert capsys.readouterr().err == ""
