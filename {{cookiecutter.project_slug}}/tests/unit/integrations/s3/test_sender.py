import threading

import pytest
from s3_memory import PLACE, client_error
from s3_memory_uploads import UploadClient

from {{ cookiecutter.package_name }}.integrations.s3 import parts, sender
from {{ cookiecutter.package_name }}.integrations.s3.local import describe, gather
from {{ cookiecutter.package_name }}.integrations.s3.sender import Sender
from {{ cookiecutter.package_name }}.schemas.errors import DataError

LONG, SHORT = bytes(range(250)), b"short"


@pytest.fixture(autouse=True)
def small(monkeypatch):
    """Parts of 100 bytes."""
    monkeypatch.setattr(parts, "PART_BYTES", 100)
    monkeypatch.setattr(sender, "PART_BYTES", 100)
    monkeypatch.setattr(parts, "_STEP", 1)


@pytest.fixture
def client():
    return UploadClient()


@pytest.fixture
def files(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "long.csv").write_bytes(LONG)
    (tmp_path / "short.csv").write_bytes(SHORT)
    return describe(gather(tmp_path), 1, lambda _: None)


def send(client, files, workers=1):
    told = []
    Sender(client, PLACE, "sets/houses/", told.append).send(files, workers)
    return sum(told)


def contents(client):
    return sorted(client.objects.values(), key=len)


@pytest.mark.parametrize("confirms", [True, False], ids=["checksums", "MD5s"])
def test_files_become_objects_named_for_their_content(client, files, confirms):
    client.confirms = confirms

    assert send(client, files, workers=3) == 255
    assert contents(client) == [SHORT, LONG]
    assert set(client.objects) == {f"sets/houses/{file.entry.key}" for file in files}
    assert client.uploads == {}


def test_a_later_run_sends_the_parts_that_are_not_there(client, files):
    client.fails_after = 2
    with pytest.raises(DataError, match=r"ServiceUnavailable.*what was uploaded is kept\.$"):
        send(client, files)
    assert contents(client) == []

    client.fails_after = 99
    before = len(client.sent)
    assert send(client, files) == 255
    assert [number for _, number in client.sent[before:]] == [3, 0]
    assert contents(client) == [SHORT, LONG]


def test_of_two_unfinished_uploads_the_later_is_gone_on_with(client, files):
    key = f"sets/houses/{files[0].entry.key}"
    for block in (LONG[:100], LONG[:100]):
        upload = client.create_multipart_upload(Key=key)["UploadId"]
        client.uploads[upload][1][1] = block

    send(client, files)

    assert list(client.uploads) == ["upload 0"]
    assert [number for _, number in client.sent] == [2, 3, 0]


def test_a_part_of_other_bytes_is_sent_anew(client, files):
    upload = client.create_multipart_upload(Key=f"sets/houses/{files[0].entry.key}")["UploadId"]
    client.uploads[upload][1].update({1: b"x" * 100, 2: LONG[100:200]})

    send(client, files)

    assert [number for _, number in client.sent] == [1, 3, 0]
    assert contents(client) == [SHORT, LONG]


def test_parts_that_cannot_be_told_apart_are_sent_anew(client, files):
    """Where keys of KMS encrypt, ETags are no MD5, and a part of the same size may be another."""
    upload = client.create_multipart_upload(Key=f"sets/houses/{files[0].entry.key}")["UploadId"]
    client.uploads[upload][1][1] = LONG[:100]
    listed = client.list_parts
    client.list_parts = lambda **asked: {
        "Parts": [{**part, "ETag": '"of no meaning"'} for part in listed(**asked)["Parts"]]
    }

    send(client, files)

    assert [number for _, number in client.sent] == [1, 2, 3, 0]


def test_an_unfinished_upload_that_ends_before_it_is_looked_at_is_begun_anew(client, files):
    client.create_multipart_upload(Key=f"sets/houses/{files[0].entry.key}")

    def gone(**_):
        raise client_error("NoSuchUpload")

    client.list_parts = gone
    assert send(client, files) == 255


@pytest.mark.parametrize("confirms", [True, False], ids=["refused", "not confirmed"])
@pytest.mark.parametrize("name", ["long.csv", "short.csv"])
def test_bytes_that_are_altered_on_the_way_are_told(client, files, confirms, name):
    client.confirms = confirms
    take = client._take
    client._take = lambda key, number, asked: take(key, number, {**asked, "Body": b"other"})
    (file,) = [file for file in files if file.entry.name == name]

    with pytest.raises(DataError, match=r"did not take s3://acme/.*/_files/.* other bytes arrived"):
        send(client, [file])


@pytest.mark.parametrize("name", ["long.csv", "short.csv"])
def test_a_file_that_is_written_to_is_no_object(client, files, tmp_path, name):
    (file,) = [file for file in files if file.entry.name == name]
    (tmp_path / name).write_bytes(file.local.path.read_bytes()[::-1])

    with pytest.raises(DataError, match=rf"^'{name}' was changed while it was uploaded"):
        send(client, [file])
    assert client.objects == {}
    assert client.uploads == {}


def test_somebody_who_ends_the_upload_by_the_same_content_does_no_harm(client, files):
    ended = threading.Event()
    complete, upload_part = client.complete_multipart_upload, client.upload_part

    def overtaken(**asked):
        if asked["PartNumber"] == 2 and not ended.is_set():
            ended.set()
            client.uploads[asked["UploadId"]][1].update({2: LONG[100:200], 3: LONG[200:]})
            client.put_in_parts(asked["Key"], LONG[:100], LONG[100:200], LONG[200:])
            del client.uploads[asked["UploadId"]]
        return upload_part(**asked)

    client.upload_part = overtaken
    client.complete_multipart_upload = lambda **asked: complete(**asked)
    send(client, files)

    assert contents(client) == [SHORT, LONG]


def test_somebody_who_prunes_it_is_told(client, files):
    def pruned(**_):
        raise client_error("NoSuchUpload")

    client.upload_part = pruned
    with pytest.raises(DataError, match=r"unfinished upload of s3://acme/.* was ended by somebody"):
        send(client, files)
