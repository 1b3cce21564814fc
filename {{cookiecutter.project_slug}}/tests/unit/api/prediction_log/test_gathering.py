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
    assert parts.count("dropped_total", reason="defect") == 1


def test_a_defect_in_packing_by_the_thread_costs_the_others_nothing(
    parts, answered_of, monkeypatch, caplog
):
    packed = Loose.packed

    def broken(loose):
        if loose.group[0].requests[0].request_id == "b":
            raise RuntimeError("no")
        return packed(loose)

    monkeypatch.setattr(Loose, "packed", broken)
    for request_id in "abc":
        parts.queue.put(answered_of(request_id))
        parts.queue.flush()

    parts.work()

    assert parts.store.order == ["a", "c"]
    assert caplog.messages == ["defect"]
    assert parts.count("dropped_total", reason="defect") == 1


def test_of_a_run_each_request_is_kept_with_its_own_rows(gathered, run_of):
    (entry,) = gathered([run_of(2, 1, 3)])

    requests, _ = split([entry])

    assert [request.rows for request in requests] == [2, 1, 3]
    assert [json.loads(request.inputs)["rows"] for request in requests] == [
        [[0, 1.5, "c0"], [1, 1.5, "c1"]],
        [[2, 1.5, "c2"]],
        [[3, 1.5, "c3"], [4, 1.5, "c4"], [5, 1.5, "c5"]],
    ]
    assert [len(json.loads(request.predictions)) for request in requests] == [2, 1, 3]
    assert [len(json.loads(request.probabilities)) for request in requests] == [2, 1, 3]
    assert len({request.id for request in requests}) == 3


def test_a_large_run_comes_in_parts_and_a_large_request_as_a_whole(run_of):
    run = run_of(*[1] * 100, 200, 60, 60, 60)

    parts = list(run.parts(64, 128))

    assert [[told.rows for told in part.requests] for part in parts] == [
        [1] * 64,
        [1] * 36,
        [200],
        [60, 60],
        [60],
    ]
    assert [len(part.features) for part in parts] == [64, 36, 200, 120, 60]
    ages = [age for part in parts for age in part.features.numeric[:, 0].tolist()]
    assert ages == list(range(480))
    whole = run_of(1, 2)
    assert list(whole.parts(64, 128)) == [whole]


def test_an_entry_is_no_larger_where_runs_come_one_after_the_other(gathered, run_of):
    entries = gathered([run_of(*[1] * 40), run_of(*[1] * 40), run_of(100), run_of(20), run_of(20)])

    assert [(entry.count, sum(entry.rows)) for entry in entries] == [
        (40, 40),
        (40, 40),
        (2, 120),
        (1, 20),
    ]


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
