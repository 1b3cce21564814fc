"""Requests that lie together as one entry, and stores that want many at a time."""

import json
import time
from dataclasses import replace

import pytest
from kept_in_memory import MemoryStore

from {{ cookiecutter.package_name }}_api.prediction_log import queue
from {{ cookiecutter.package_name }}_api.prediction_log.columns import Kept, Privacy
from {{ cookiecutter.package_name }}_api.prediction_log.entries import (
    LabelEntry,
    count_of,
    decoded,
    split,
)
from {{ cookiecutter.package_name }}_api.prediction_log.gathering import (
    MOST_TOGETHER,
    Loose,
    together,
)
from {{ cookiecutter.package_name }}_api.prediction_log.ids import new_id

LABEL = LabelEntry(new_id(), 1.0, "a", 0, "yes", None)


@pytest.fixture
def gathered(parts):
    """What a thread finds in the queue when these items were put there."""

    def entries(items):
        for item in items:
            if isinstance(item, LabelEntry):
                parts.queue.put_label(item)
            else:
                assert parts.queue.put(item)
        parts.queue.flush()
        taken = parts.queue.take(10_000)
        assert len(parts.queue) == parts.queue.size == 0
        return [decoded(each.payload) for each in taken]

    return entries


@pytest.mark.parametrize("counts", [(1, 1, 1), (2, 1, 3), (2, 2)])
def test_each_of_the_requests_in_an_entry_has_its_own_rows(gathered, answered_of, counts):
    items = [
        answered_of(f"r{place}", [(place, row) for row in range(count)], [[f"c{place}"]] * count)
        for place, count in enumerate(counts)
    ]

    (entry,) = gathered(items)
    requests, _ = split([entry])

    assert [request.request_id for request in requests] == [
        item.requests[0].request_id for item in items
    ]
    for place, (request, count) in enumerate(zip(requests, counts, strict=True)):
        rows = json.loads(request.inputs)["rows"]
        assert rows == [[place, row, f"c{place}"] for row in range(count)]
        assert json.loads(request.predictions) == ["no"] * count
        assert json.loads(request.probabilities) == [[0.75, 0.25]] * count
        assert request.rows == count


def test_labels_stay_where_they_came_and_another_version_begins_another_entry(
    gathered, answered_of
):
    first, second = answered_of("a"), answered_of("b")
    newer = replace(second, served=replace(second.served, origin="kept copy"))

    entries = gathered([first, second, LABEL, first, newer])

    assert [entry.count for entry in entries] == [2, 1, 1, 1]
    assert entries[1] == LABEL


def test_an_entry_has_not_more_requests_than_may_be_lost_together(gathered, answered_of):
    entries = gathered([answered_of("a")] * (2 * MOST_TOGETHER + 1))

    assert [entry.count for entry in entries] == [MOST_TOGETHER, MOST_TOGETHER, 1]
    assert count_of(entries) == 2 * MOST_TOGETHER + 1


def test_what_is_soon_packed_is_packed_where_it_comes_and_the_rest_by_the_thread(
    parts, answered_of, mixed_schema
):
    group = [answered_of("a", [(1.0, 2.0)] * 3, [["Oslo"]] * 3)]
    texts, numbers = (
        Kept.of(mixed_schema, privacy) for privacy in (Privacy(), Privacy(drop=("city",)))
    )

    assert isinstance(together(group, texts, 100), Loose)
    assert isinstance(together(group, numbers, 1_000_000), Loose)
    small = together(group, numbers, 100)
    assert (small.count, decoded(small.payload).rows) == (1, [3])


def test_a_defect_in_packing_costs_no_request_its_answer(parts, answered_of, monkeypatch, caplog):
    def broken(*_):
        raise RuntimeError("no")

    monkeypatch.setattr(queue, "together", broken)

    assert parts.queue.put(answered_of("a"))
    parts.queue.flush()

    assert caplog.messages == ["defect"]
    assert len(parts.queue) == parts.queue.size == 0


def test_a_store_that_wants_much_at_a_time_is_written_to_when_it_is_due(parts_of, answered_of):
    store = MemoryStore()
    store.preferred_seconds = 60.0
    parts = parts_of(store=store)
    for request_id in "ab":
        parts.queue.put(answered_of(request_id))
        parts.work(most=1)
    assert store.order == ["a"]
    assert not parts.disk.empty
    assert parts.stored.next_write == pytest.approx(time.monotonic() + 60, abs=5)

    parts.queue.put(answered_of("c"))
    parts.stored.next_write = 0.0
    parts.work(most=1)

    assert store.order == ["a", "b", "c"]
    assert parts.disk.empty


def test_a_stop_does_not_wait_until_a_write_is_due(parts_of, answered_of):
    store = MemoryStore()
    store.preferred_seconds = 60.0
    parts = parts_of(store=store)
    parts.stored.next_write = time.monotonic() + 60
    parts.queue.put(answered_of("a"))
    parts.work()
    assert store.order == []

    parts.stop()

    assert store.order == ["a"]
