import io

import pyarrow.parquet as pq
import pytest
from logged import NOON, label, request
from s3_memory import PLACE
from s3_memory_uploads import UploadClient

from {{ cookiecutter.package_name }}.integrations.prediction_log import open_reader, open_store
from {{ cookiecutter.package_name }}.integrations.prediction_log.reading import rows, summary, totals
from {{ cookiecutter.package_name }}.integrations.s3 import prediction_log
from {{ cookiecutter.package_name }}.integrations.s3.prediction_log import S3Log
from {{ cookiecutter.package_name }}.schemas.errors import ConfigError, StoreUnavailable
from {{ cookiecutter.package_name }}.schemas.logged_rows import Selection

DAY = 86400.0
URL = "s3://acme/sets/houses?endpoint_url=https://s3.test&region=eu-west-1"


@pytest.fixture
def memory(monkeypatch) -> UploadClient:
    client = UploadClient()
    client.close = lambda: None
    monkeypatch.setattr(prediction_log, "connect", lambda *_: client)
    return client


@pytest.fixture
def log(memory) -> S3Log:
    made = S3Log(PLACE)
    made.open()
    return made


def test_a_write_makes_a_file_for_each_day_and_kind(log, memory):
    log.write([request(1), request(2), request(3, at=NOON + DAY)], [label(1, "yes")])

    folders = sorted(key.rpartition("/")[0] for key in memory.objects)
    assert folders == [
        "sets/houses/labels/date=2030-01-01",
        "sets/houses/requests/date=2030-01-01",
        "sets/houses/requests/date=2030-01-02",
    ]
    first = next(key for key in sorted(memory.objects) if "requests" in key)
    table = pq.read_table(io.BytesIO(memory.objects[first]))
    assert table["id"].to_pylist() == ["id000001", "id000002"]


def test_what_is_written_again_is_the_same_object_whatever_the_order(log, memory):
    log.write([request(1), request(2)], [label(1, "yes")])
    before = dict(memory.objects)

    log.write([request(2), request(1)], [label(1, "yes")])

    assert memory.objects == before


def test_a_request_that_is_in_two_files_is_read_once(log, memory):
    log.write([request(1), request(2)], [])
    log.write([request(2), request(3)], [])

    assert [row.request_id for row in rows(URL)] == ["r1", "r2", "r3"]


def test_a_write_that_failed_half_way_is_finished_by_the_next(log, memory):
    memory.fails_after = 1
    both = [request(1), request(2, at=NOON + DAY)]
    with pytest.raises(StoreUnavailable, match=r"s3://acme/sets/houses .*away"):
        log.write(both, [])

    memory.fails_after = 99
    log.write(both, [])

    assert [row.request_id for row in rows(URL)] == ["r1", "r2"]


def test_rows_come_back_by_time_and_version_with_their_newest_label(log, memory):
    log.write([request(n, at=NOON + n * DAY, version=str(n % 2)) for n in range(6)], [])
    log.write([], [label(3, "yes", later=5 * DAY), label(3, "no", later=2 * DAY)])

    asked = Selection(since=NOON + DAY, until=NOON + 5 * DAY, version="1")

    assert [(row.request_id, row.label) for row in rows(URL, asked)] == [
        ("r1", None),
        ("r3", "yes"),
    ]
    assert [row.request_id for row in rows(URL, newest=2)] == ["r5", "r4"]


def test_the_label_that_was_told_last_counts_in_whichever_file_it_is(log, memory):
    log.write([request(1)], [label(7, "x", later=4), label(1, "yes", later=100)])
    log.write([], [label(1, "no", later=50)])

    assert [row.label for row in rows(URL)] == ["yes"]


def test_counts_need_no_inputs(log, memory):
    log.write([request(1, "yes", "no"), request(2, "no")], [label(2, "no")])

    (only,) = summary(URL, NOON, 3600)

    assert (only.by_prediction, only.labelled, only.right) == ({"no": 2, "yes": 1}, 1, 1)


def test_whole_days_are_deleted_and_nothing_else(log, memory):
    log.write([request(n, at=NOON + n * DAY) for n in range(4)], [label(0, "yes")])
    memory.put("sets/houses/requests/date=2000-01-01/notes.txt", b"mine")

    assert log.prune(NOON + 2 * DAY) == 2

    assert [row.request_id for row in rows(URL)] == ["r2", "r3"]
    assert "sets/houses/requests/date=2000-01-01/notes.txt" in memory.objects
    assert not [key for key in memory.objects if "labels" in key]


@pytest.mark.parametrize("content", [b"PAR1 no", None], ids=["damaged", "newer"])
def test_a_file_that_cannot_be_read_is_named(log, memory, monkeypatch, content):
    with monkeypatch.context() as newer:
        newer.setattr(prediction_log.log_files, "VERSION", 1)
        log.write([request(1)], [])
    (key,) = memory.objects
    if content is None:
        monkeypatch.setattr(prediction_log.log_files, "VERSION", 0)
    else:
        memory.put(key, content)

    with pytest.raises(StoreUnavailable, match=f"s3://acme/{key}"):
        list(rows(URL))


@pytest.mark.parametrize("url", ["s3://", "s3:///prefix", "s3://acme/x?bucket=other"])
def test_an_address_that_cannot_be_used_is_refused(url):
    with pytest.raises(ConfigError, match="s3://bucket/prefix"):
        open_store(url)


def test_an_address_may_name_the_store_and_the_environment_may(monkeypatch):
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", "https://ours.test")

    assert open_reader(URL)._place == PLACE
    assert open_store("s3://acme")._place.endpoint_url == "https://ours.test"


def test_nobody_counts_what_only_reading_every_file_would_tell(log, memory):
    log.write([request(1)], [label(7, "yes")])

    assert totals(URL) is None
