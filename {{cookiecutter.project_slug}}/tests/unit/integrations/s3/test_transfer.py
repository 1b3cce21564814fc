import io

import pytest
from botocore.response import StreamingBody
from s3_memory import PLACE, MemoryClient, client_error

from {{ cookiecutter.package_name }}.integrations.s3 import parts, transfer
from {{ cookiecutter.package_name }}.integrations.s3.find import find
from {{ cookiecutter.package_name }}.integrations.s3.folder import Folder
from {{ cookiecutter.package_name }}.integrations.s3.transfer import Transfer
from {{ cookiecutter.package_name }}.schemas.errors import DataError, DataNotFound

LONG = bytes(range(250))


@pytest.fixture(autouse=True)
def small_and_quick(monkeypatch):
    """Parts of 100 bytes, and no time between attempts."""
    monkeypatch.setattr(parts, "PART_BYTES", 100)
    monkeypatch.setattr(parts, "_STEP", 1)
    monkeypatch.setattr(transfer, "PAUSE_SECONDS", 0)


@pytest.fixture
def client():
    made = MemoryClient()
    made.put("sets/houses/a.csv", LONG)
    made.put("sets/houses/b/c.csv", b"short")
    made.put("sets/houses/empty.csv", b"")
    return made


class Cutting(MemoryClient):
    """Gives the first `given` parts, and then breaks off in the middle of each."""

    def __init__(self, given):
        super().__init__()
        self.given = given

    def get_object(self, **asked):
        answer = super().get_object(**asked)
        if len(self.requests) > self.given:
            answer["Body"] = StreamingBody(io.BytesIO(b"\0" * 10), 100)
        return answer


def fetch(client, path, workers=2):
    """Fetch what is lacking; the parts' ranges and how many bytes were told."""
    path.mkdir(exist_ok=True)
    folder, told, before = Folder(path), [], len(client.requests)
    items = find(client, PLACE)
    Transfer(client, PLACE, folder, told.append).fetch(folder.lacking(items), workers)
    folder.settle(items)
    return sorted(client.requests[before:]), sum(told)


def test_objects_become_files_of_the_same_bytes(client, tmp_path):
    asked, told = fetch(client, tmp_path)

    assert (tmp_path / "a.csv").read_bytes() == LONG
    assert (tmp_path / "b" / "c.csv").read_bytes() == b"short"
    assert (tmp_path / "empty.csv").read_bytes() == b""
    assert told == 255
    assert asked == [
        ("sets/houses/a.csv", "bytes=0-99"),
        ("sets/houses/a.csv", "bytes=100-199"),
        ("sets/houses/a.csv", "bytes=200-249"),
        ("sets/houses/b/c.csv", "bytes=0-4"),
    ]


def test_nothing_is_fetched_twice(client, tmp_path):
    fetch(client, tmp_path)

    assert fetch(client, tmp_path) == ([], 0)


def test_only_what_changed_is_fetched_again(client, tmp_path):
    fetch(client, tmp_path)
    client.put("sets/houses/b/c.csv", b"other")

    assert fetch(client, tmp_path) == ([("sets/houses/b/c.csv", "bytes=0-4")], 5)
    assert (tmp_path / "b" / "c.csv").read_bytes() == b"other"


def test_a_part_that_broke_off_is_asked_for_again(tmp_path):
    client = Cutting(given=1)
    client.put("sets/houses/a.csv", LONG)
    calls = []

    def heal():
        calls.append(1)
        client.given = 99 if len(calls) > 1 else client.given

    original = client.get_object
    client.get_object = lambda **asked: (heal(), original(**asked))[1]
    fetch(client, tmp_path, workers=1)

    assert (tmp_path / "a.csv").read_bytes() == LONG


def test_a_later_run_goes_on_after_the_last_part_that_arrived(tmp_path):
    client = Cutting(given=2)
    client.put("sets/houses/a.csv", LONG)

    with pytest.raises(DataError, match=r"s3://acme/sets/houses/a\.csv \(the connection broke\)"):
        fetch(client, tmp_path, workers=1)
    assert not (tmp_path / "a.csv").exists()

    client.given = 99
    asked, told = fetch(client, tmp_path, workers=1)
    assert asked == [("sets/houses/a.csv", "bytes=200-249")]
    assert told == 250
    assert (tmp_path / "a.csv").read_bytes() == LONG
    assert not (tmp_path / ".unfinished").exists()


def test_parts_of_another_state_of_the_object_are_not_gone_on_with(tmp_path):
    client = Cutting(given=2)
    client.put("sets/houses/a.csv", LONG)
    with pytest.raises(DataError):
        fetch(client, tmp_path, workers=1)

    client.given = 99
    client.put("sets/houses/a.csv", LONG[::-1])
    fetch(client, tmp_path, workers=1)

    assert (tmp_path / "a.csv").read_bytes() == LONG[::-1]


def test_an_object_that_changes_meanwhile_is_no_mixture(client, tmp_path):
    items = find(client, PLACE)
    client.put("sets/houses/a.csv", LONG[::-1])

    with pytest.raises(DataError, match=r"a\.csv was changed by somebody else meanwhile"):
        Transfer(client, PLACE, Folder(tmp_path), lambda _: None).fetch(items, 2)
    assert not (tmp_path / "a.csv").exists()


def test_an_object_that_goes_meanwhile_is_told(client, tmp_path):
    items = find(client, PLACE)
    del client.objects["sets/houses/b/c.csv"]

    with pytest.raises(DataNotFound, match=r"s3://acme/sets/houses/b/c\.csv any more"):
        Transfer(client, PLACE, Folder(tmp_path), lambda _: None).fetch(items, 2)


def test_altered_bytes_are_refused_and_not_kept(client, tmp_path):
    content = client.objects["sets/houses/a.csv"]
    client.objects["sets/houses/a.csv"] = content[:-1] + b"!"

    with pytest.raises(
        DataError, match=r"houses/a\.csv \('a\.csv'\) came with other bytes than those"
    ):
        fetch(client, tmp_path)
    assert not (tmp_path / "a.csv").exists()

    client.objects["sets/houses/a.csv"] = content
    fetch(client, tmp_path)
    assert (tmp_path / "a.csv").read_bytes() == content


def test_a_store_that_gives_other_bytes_than_those_asked_for_is_refused(client, tmp_path):
    original = client.get_object
    client.get_object = lambda **asked: {**original(**asked), "ContentRange": None}

    with pytest.raises(DataError, match=r"must speak S3"):
        fetch(client, tmp_path)


def test_the_first_failure_ends_the_others(tmp_path):
    client = MemoryClient()
    client.put("sets/houses/a.csv", bytes(100_000))

    def refuse(**asked):
        client.requests.append((asked["Key"], asked["Range"]))
        raise client_error("AccessDenied")

    client.get_object = refuse
    with pytest.raises(DataError, match="s3:GetObject"):
        fetch(client, tmp_path, workers=2)
    assert len(client.requests) < 100
