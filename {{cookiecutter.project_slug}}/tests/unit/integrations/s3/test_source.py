import hashlib
import json

import pyarrow as pa
import pytest
from filelock import FileLock
from s3_memory import MemoryClient

from {{ cookiecutter.package_name }}.integrations.s3 import source
from {{ cookiecutter.package_name }}.integrations.s3.source import S3Table
from {{ cookiecutter.package_name }}.schemas.errors import ConfigError, DataError


@pytest.fixture
def client(monkeypatch):
    made = MemoryClient()
    monkeypatch.setattr(source, "connect", lambda *_: made)
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


def rows(**options):
    """All rows, where they were read, and what identifies them."""
    with table(**options).open() as raw:
        read = pa.concat_tables(part.table for part in raw.parts(1))
        return read.to_pydict(), raw.source, raw.version


def listed(client, folder, *files):
    """Objects by their contents, with a manifest that lists them."""
    entries = []
    for name, content in files:
        digest = hashlib.sha256(content).hexdigest()
        client.put(f"{folder}/_files/{digest}.csv", content)
        entries.append({"name": name, "size": len(content), "sha256": digest})
    about = {"format": 1, "uploaded": "2026-01-01T00:00:00Z", "files": entries}
    client.put(f"{folder}/manifest.json", json.dumps(about).encode())
    return [f"{folder}/_files/{entry['sha256']}.csv" for entry in entries]


def test_one_csv_object_reads_like_a_file(project, client):
    content = b"a,b\n1,2\n"
    client.put("sets/rows.csv", content)

    with table(objects="rows.csv").open() as raw:
        (part,) = raw.parts(10)

    assert part.table.to_pydict() == {"a": ["1"], "b": ["2"]}
    assert (part.file, part.first_row) == ("sets/rows.csv", 2)
    assert raw.source == "s3://acme/sets/rows.csv"
    assert raw.version == f"sha256:{hashlib.sha256(content).hexdigest()}"
    assert (project / "data" / "raw" / "houses" / "rows.csv").read_bytes() == content


def test_many_objects_are_one_table_in_the_order_of_their_keys(project, client):
    client.put("sets/houses/2.csv", b"b,a\n4,3\n")
    client.put("sets/houses/1.csv", b"a,b\n1,2\n")

    first = rows()

    assert first[0] == {"a": ["1", "3"], "b": ["2", "4"]}
    assert rows() == first


def test_only_what_a_manifest_lists_is_read(project, client):
    client.put("sets/houses/3.csv", b"a\n9\n")
    listed(client, "sets/houses", ("x/2.csv", b"a\n2\n"), ("1.csv", b"a\n1\n"))

    with table().open() as raw:
        files = [part.file for part in raw.parts(10)]

    assert files == ["sets/houses/1.csv", "sets/houses/x/2.csv"]
    kept = (project / "data" / "raw" / "houses").rglob("*.csv")
    assert sorted(path.name for path in kept) == ["1.csv", "2.csv"]


def test_the_same_files_have_the_same_version_with_a_manifest_or_without(project, client):
    client.put("sets/plain/1.csv", b"a\n1\n")
    client.put("sets/plain/2.csv", b"a\n2\n")
    listed(client, "sets/houses", ("1.csv", b"a\n1\n"), ("2.csv", b"a\n2\n"))

    assert rows()[2] == rows(objects="plain", name="plain")[2]


def test_an_object_that_is_not_what_the_manifest_says_is_refused(project, client):
    (key, _) = listed(client, "sets/houses", ("1.csv", b"a\n1\n"), ("2.csv", b"a\n2\n"))
    client.put(key, b"a\n9\n")

    with pytest.raises(DataError) as caught:
        rows()

    assert str(caught.value) == (
        f"s3://acme/{key} ('1.csv') came with other bytes than those that its checksum stands "
        "for: run the same command again; if it stays so, upload it again with `upload --again`."
    )
    assert not (project / "data" / "raw" / "houses" / "1.csv").exists()


@pytest.mark.parametrize(("content", "told"), [(None, "is gone"), (b"a\n1", "has 3 bytes, not 4")])
def test_an_object_that_is_gone_or_cut_short_is_told_before_any_is_fetched(
    project, client, content, told
):
    (_, key) = listed(client, "sets/houses", ("1.csv", b"a\n1\n"), ("2.csv", b"a\n2\n"))
    del client.objects[key]
    if content is not None:
        client.put(key, content)

    with pytest.raises(DataError, match=rf"^s3://acme/{key} {told}, and .* lists it as '2\.csv'"):
        rows()
    assert client.requests == []


def test_the_files_stay_as_they_are_while_they_are_read(project, client):
    client.put("sets/houses/1.csv", b"a\n1\n")

    with table().open(), pytest.raises(DataError, match="Another process fetches to"):
        rows()

    assert rows()[0] == {"a": ["1"]}


def test_trouble_of_whoever_reads_is_not_taken_for_trouble_with_the_folder(project, client):
    client.put("sets/houses/1.csv", b"a\n1\n")

    with pytest.raises(OSError, match="mine"), table().open():
        raise OSError("mine")


@pytest.mark.parametrize(
    ("second", "told"),
    [
        (("2.csv", b"a,c\n1,2\n"), "'sets/houses/1.csv' and 'sets/houses/2.csv' have different"),
        (("2.parquet", b"PAR1"), "has CSV and Parquet files together (sets/houses/1.csv, sets/h"),
        (("2.csv", b""), "'data/raw/houses/2.csv' is empty (0 bytes)."),
    ],
    ids=["other columns", "another format", "empty"],
)
def test_objects_that_do_not_fit_together_are_named(project, client, second, told):
    client.put("sets/houses/1.csv", b"a,b\n1,2\n")
    client.put(f"sets/houses/{second[0]}", second[1])

    with pytest.raises(DataError) as caught:
        rows()

    assert told in str(caught.value)


@pytest.mark.parametrize("workers", [0, -1, "4", True, None])
def test_the_number_of_workers_is_checked(project, client, workers):
    with pytest.raises(ConfigError, match=rf"^data\.workers is {workers!r}: expected a number"):
        rows(workers=workers)


def test_two_at_once_do_not_write_to_one_folder(project, client):
    client.put("sets/houses/1.csv", b"a\n1\n")
    folder = project / "data" / "raw" / "houses"
    folder.mkdir(parents=True)

    with FileLock(folder / ".lock"), pytest.raises(DataError, match="Another process fetches to"):
        rows()


def test_a_folder_that_cannot_be_made_is_told(project, client):
    client.put("sets/houses/1.csv", b"a\n1\n")
    (project / "data").write_text("in the way")

    with pytest.raises(DataError, match="'data/raw/houses' cannot be written to: "):
        rows()


def test_what_was_fetched_is_said_once(project, client, capsys):
    client.put("sets/houses/1.csv", b"a\n1\n")

    rows()
    assert (
        capsys.readouterr().err == "fetched 4 bytes from s3://acme/sets/houses (1 new or changed)\n"
    )
    rows()
    assert capsys.readouterr().err == ""
