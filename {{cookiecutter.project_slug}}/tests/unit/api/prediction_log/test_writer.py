import time

import pytest

from {{ cookiecutter.package_name }}_api.prediction_log import spill as module
from {{ cookiecutter.package_name }}_api.prediction_log.entries import LabelEntry, count_of
from {{ cookiecutter.package_name }}_api.prediction_log.ids import new_id


@pytest.fixture
def put(parts, answered_of):
    """Puts answered requests of these ids into the queue."""
    return lambda *ids: [parts.queue.put(answered_of(request_id)) for request_id in ids]


def test_what_waits_is_stored_in_its_order_and_counted(parts, put):
    put("a", "b", "c")
    parts.queue.put_label(LabelEntry(new_id(), 1.0, "a", 0, "yes", None))

    parts.work(most=2)

    assert parts.store.order == ["a", "b", "c", "a"]
    assert parts.count("requests_total") == parts.count("rows_total") == 3
    assert parts.count("labels_total") == 1
    assert parts.count("last_write_timestamp_seconds") == pytest.approx(time.time(), abs=5)
    assert parts.disk.empty


def test_an_absent_store_loses_nothing_and_order_is_kept_when_it_comes_back(parts, put, caplog):
    put("a")
    parts.work()
    parts.store.away = "the server is down"
    put("b", "c")
    parts.work()
    put("d")
    parts.work()
    assert parts.troubles.told().endswith("the server is down")
    assert parts.count("spilled_total") == 3
    assert parts.count("store_up") == 0

    parts.back()
    put("e")
    parts.work(most=2)

    assert parts.store.order == ["a", "b", "c", "d", "e"]
    assert parts.disk.empty
    assert parts.troubles.told() == "ok"
    assert [record.getMessage() for record in caplog.records if record.levelname == "ERROR"] == [
        "prediction log: store away"
    ]


def test_a_store_that_goes_away_during_the_replay_gets_each_entry_once(parts, put):
    parts.store.away = "away"
    put(*"abcdef")
    parts.work()
    parts.back()
    parts.writer.slice(2)
    parts.store.away = "away again"
    parts.work(2)
    parts.back()
    parts.work(2)

    assert parts.store.order == [*"abcdef"]
    assert parts.count("requests_total") == 6


def test_an_absent_store_is_not_asked_again_at_once(parts, put):
    parts.store.away = "away"
    put("a")
    parts.work()
    parts.store.away = None

    parts.work()

    assert parts.store.order == []
    assert parts.stored.next_try > time.monotonic()


def test_a_disk_that_cannot_be_read_is_told_and_not_asked_without_end(parts, put, monkeypatch):
    parts.store.away = "away"
    put("a")
    parts.work()
    parts.back()

    def broken(_) -> bytes:
        raise OSError(5, "Input/output error")

    with monkeypatch.context() as patched:
        patched.setattr(module, "_content", broken)
        parts.work()
        assert "Input/output error" in parts.troubles.told()
    parts.work()

    assert parts.store.order == ["a"]


def test_what_is_on_the_disk_waits_for_the_requests_unless_there_is_much_of_it(
    parts_of, answered_of
):
    parts = parts_of(spill_bytes=1000)
    parts.store.away = "away"
    parts.queue.put(answered_of("a"))
    parts.work()
    parts.back()
    parts.writer._pace.busy = True
    parts.writer.next_replay = time.monotonic() + 60
    parts.work()
    assert parts.store.order == []

    for request_id in "bcd":
        parts.queue.put(answered_of(request_id))
    parts.work()

    assert parts.store.order == [*"abcd"]


def test_an_entry_that_the_store_refuses_does_not_hold_up_the_others(parts, put, caplog):
    parts.store.refused = "b"
    put(*"abc")

    parts.work()

    assert parts.store.order == ["a", "c"]
    assert parts.count("dropped_total", reason="refused") == 1
    assert "an entry is refused" in caplog.text


def test_a_full_disk_leaves_entries_in_memory_until_the_store_is_back(parts_of, answered_of):
    parts = parts_of(spill_bytes=10)
    parts.store.away = "away"
    for request_id in "ab":
        parts.queue.put(answered_of(request_id))
    parts.work()
    assert "spill takes no more" in parts.troubles.told()
    assert count_of(parts.writer.held) == 2

    parts.back()
    parts.queue.put(answered_of("c"))
    parts.work()

    assert parts.store.order == ["a", "b", "c"]
    assert parts.writer.held == []
    assert parts.troubles.told() == "ok"


def test_without_a_disk_a_slice_is_no_larger_than_it_may_be(parts_of, run_of):
    parts = parts_of(spill_bytes=0)
    parts.writer._pace.busy = True
    for _ in range(5):
        parts.queue.put(run_of(*[1] * 64))
    parts.queue.flush()

    assert [parts.writer.slice(10) for _ in range(6)] == [64] * 5 + [0]


def test_what_is_not_packed_yet_goes_to_the_disk_in_small_slices(parts_of, run_of):
    parts = parts_of()
    parts.writer._pace.busy = True
    parts.writer.next_replay = time.monotonic() + 60
    for _ in range(5):
        parts.queue.put(run_of(*[1] * 64))
    parts.queue.flush()

    assert [parts.writer.slice(10) for _ in range(6)] == [64] * 5 + [0]
    assert parts.count("spilled_total") == 5 * 64


def test_a_folder_that_cannot_be_made_is_told_and_the_store_gets_all(parts, put):
    parts.folder.touch()
    parts.disk.adopt()
    put("a")

    parts.work()

    assert parts.store.order == ["a"]
    assert "spill folder unusable" in parts.troubles.told()
    parts.folder.unlink()
    parts.disk.adopt()
    assert parts.troubles.told() == "ok"


def test_memory_for_peaks_is_kept_free_by_the_disk(parts_of, answered_of):
    parts = parts_of(most=16)
    for number in range(8):
        parts.queue.put(answered_of(str(number)))

    parts.work(most=1)

    assert parts.count("spilled_total") >= 6
    assert parts.store.order == [str(number) for number in range(8)]


def test_a_stop_writes_what_waits(parts, put):
    put("a", "b")
    parts.stop()

    assert parts.store.order == ["a", "b"]
    assert parts.store.closed == 1
    assert not any(parts.folder.glob("*"))


def test_a_stop_leaves_what_an_absent_store_cannot_take_to_the_next_process(
    parts, put, parts_of, answered_of
):
    parts.store.away = "away"
    put("a", "b")
    parts.stop()

    following = parts_of()
    following.disk.adopt()
    following.queue.put(answered_of("c"))
    following.work()

    assert following.store.order == ["a", "b", "c"]


def test_a_stop_counts_what_neither_the_store_nor_the_disk_takes(parts_of, answered_of, caplog):
    parts = parts_of(spill_bytes=10)
    parts.store.away = "away"
    for request_id in "abc":
        parts.queue.put(answered_of(request_id))
    parts.stop()

    assert parts.count("dropped_total", reason="stopped") == 3
    assert "lost at the stop" in caplog.text
