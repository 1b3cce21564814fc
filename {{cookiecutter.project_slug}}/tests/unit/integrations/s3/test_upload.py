import dataclasses
import hashlib
from datetime import UTC, datetime

import pytest
from s3_memory import PLACE, client_error
from s3_memory_uploads import UploadClient

from {{ cookiecutter.package_name }}.integrations.s3 import upload as uploading
from {{ cookiecutter.package_name }}.integrations.s3.find import find
from {{ cookiecutter.package_name }}.integrations.s3.manifest import UploadedFile, UploadManifest
from {{ cookiecutter.package_name }}.integrations.s3.upload import Options, upload
from {{ cookiecutter.package_name }}.schemas.errors import DataError

OPTIONS = Options(workers=2)
MANIFEST = "sets/houses/manifest.json"
ENTRY = UploadedFile(name="other.csv", size=1, sha256="0" * 64)
OTHER = UploadManifest.of((ENTRY,), datetime(2026, 1, 1, tzinfo=UTC)).model_dump_json().encode()


@pytest.fixture
def client(monkeypatch):
    made = UploadClient()
    monkeypatch.setattr(uploading, "connect", lambda *_: made)
    return made


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    made = tmp_path / "houses"
    (made / "x").mkdir(parents=True)
    (made / "a.csv").write_text("a\n1\n")
    (made / "x" / "b.csv").write_text("a\n2\n")
    return made


def publish(folder, **options):
    return upload(folder, PLACE, dataclasses.replace(OPTIONS, **options))


def read(client):
    """What readers get: names and contents."""
    return {item.name: client.objects[item.key] for item in find(client, PLACE)}


def test_readers_get_what_was_uploaded(client, folder):
    done = publish(folder)

    assert (done.files, done.sent, done.sent_bytes, done.published) == (2, 2, 8, True)
    assert read(client) == {"a.csv": b"a\n1\n", "x/b.csv": b"a\n2\n"}
    (first, _) = find(client, PLACE)
    assert first.sha256 == hashlib.sha256(b"a\n1\n").hexdigest()


def test_the_manifest_comes_last(client, folder):
    publish(folder)

    assert [key for key, _ in client.sent].index(MANIFEST) == 2


def test_until_then_readers_have_the_former_upload(client, folder):
    publish(folder)
    before = read(client)
    (folder / "a.csv").write_text("a\n9\n")
    (folder / "x" / "b.csv").write_text("a\n8\n")
    client.fails_after = len(client.sent) + 1

    with pytest.raises(DataError, match="what was uploaded is kept"):
        publish(folder)

    assert read(client) == before


def test_what_is_there_is_not_sent_again(client, folder):
    publish(folder)
    written = dict(client.objects)

    done = publish(folder)

    assert (done.sent, done.published) == (0, False)
    assert client.objects == written


def test_it_is_where_that_is_asked_for(client, folder):
    publish(folder)
    key = next(key for key in client.objects if "_files/" in key)
    client.objects[key] = b"x\n1\n"

    assert publish(folder, again=True).sent == 2
    assert sorted(read(client).values()) == [b"a\n1\n", b"a\n2\n"]


def test_the_same_content_twice_is_sent_once(client, folder):
    (folder / "c.csv").write_text("a\n1\n")

    assert (publish(folder).sent, len(read(client))) == (2, 3)


def test_a_dry_run_writes_nothing(client, folder):
    done = publish(folder, dry_run=True, prune=True)

    assert (done.sent, done.published, done.pruned) == (2, True, 0)
    assert client.objects == {}
    assert client.uploads == {}


def test_pruning_deletes_what_the_manifest_does_not_list_and_nothing_else(client, folder):
    client.put("sets/houses/notes.md", b"mine")
    client.put("sets/houses2/_files/a.csv", b"mine")
    publish(folder)
    client.create_multipart_upload(Key="sets/houses/_files/old.csv")
    client.create_multipart_upload(Key="sets/houses/other.csv")
    (folder / "a.csv").write_text("a\n9\n")

    assert publish(folder).pruned == 0
    assert client.deleted == []
    assert publish(folder, prune=True, dry_run=True).pruned == 1
    assert publish(folder, prune=True).pruned == 1

    old = hashlib.sha256(b"a\n1\n").hexdigest()
    assert client.deleted == [f"sets/houses/_files/{old}.csv"]
    assert {"sets/houses/notes.md", "sets/houses2/_files/a.csv"} < set(client.objects)
    assert [key for key, _ in client.uploads.values()] == ["sets/houses/other.csv"]
    assert read(client)["a.csv"] == b"a\n9\n"


@pytest.mark.parametrize("known", [True, False], ids=["another one", "the first one"])
def test_of_two_uploads_at_once_the_later_is_told(client, folder, known):
    if known:
        publish(folder)
        (folder / "a.csv").write_text("a\n3\n")
    send = client.put_object

    def overtaken(**asked):
        if asked["Key"] == MANIFEST:
            client.put(MANIFEST, OTHER)
        return send(**asked)

    client.put_object = overtaken
    with pytest.raises(DataError, match=rf"^s3://acme/{MANIFEST} was changed by somebody else"):
        publish(folder)
    assert client.objects[MANIFEST] == OTHER


def test_an_answer_that_was_lost_is_no_conflict(client, folder):
    """The first request is carried out, its answer lost, and botocore makes it once more."""
    send = client.put_object

    def twice(**asked):
        send(**asked)
        return send(**asked)

    client.put_object = twice
    assert publish(folder).published
    assert len(read(client)) == 2


@pytest.mark.parametrize("changed", [False, True])
def test_a_store_without_conditions_is_looked_at_once_more(client, folder, changed):
    send = client.put_object

    def unconditional(**asked):
        if "IfNoneMatch" in asked or "IfMatch" in asked:
            if changed:
                client.put(MANIFEST, OTHER)
            raise client_error("NotImplemented")
        return send(**asked)

    client.put_object = unconditional
    if changed:
        with pytest.raises(DataError, match="was changed by somebody else meanwhile"):
            publish(folder)
    else:
        assert publish(folder).published


def test_what_somebody_prunes_meanwhile_is_told(client, folder):
    send = client.put_object

    def pruned(**asked):
        if asked["Key"] == MANIFEST:
            client.objects.pop(next(key for key in client.objects if "_files/" in key))
        return send(**asked)

    client.put_object = pruned
    with pytest.raises(DataError, match=r"manifest\.json lists '.*\.csv', which somebody pruned"):
        publish(folder)

    client.put_object = send
    assert publish(folder).sent == 1
    assert len(read(client)) == 2


@pytest.mark.parametrize(
    ("key", "told"),
    [
        ("sets/houses", "There is an object s3://acme/sets/houses, which readers would take"),
        ("sets/houses/c.csv", r"has tables that no manifest lists \('c\.csv'\)"),
    ],
)
def test_what_readers_would_take_for_something_else_is_refused(client, folder, key, told):
    client.put(key, b"a\n1\n")

    with pytest.raises(DataError, match=told):
        publish(folder)
    assert list(client.objects) == [key]
