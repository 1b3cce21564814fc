"""What waits in memory is bounded, and of models that are known."""

from {{ cookiecutter.package_name }}_api.prediction_log.columns import Privacy
from {{ cookiecutter.package_name }}_api.prediction_log.queue import size_of


def test_large_entries_make_small_slices(parts_of, answered_of):
    parts = parts_of()
    for number in range(8):
        parts.queue.put(answered_of(str(number), numeric=((1.0, 2.0),) * 5_000))

    assert len(parts.queue.take(1000)) == 5


def test_the_queue_refuses_what_its_bounds_do_not_allow(parts_of, answered_of):
    by_number, by_bytes = parts_of(most=3), parts_of(most=10**6)

    assert [by_number.queue.put(answered_of("a")) for _ in range(4)] == [True] * 3 + [False]
    long = answered_of("a", categorical=(("x" * 300_000,),))
    assert [by_bytes.queue.put(long) for _ in range(4)] == [True] * 3 + [False]
    assert by_bytes.queue.size <= 1 << 20


def test_each_request_of_a_run_takes_its_own_room(parts_of, run_of):
    assert size_of(run_of(*[1] * 10)) > size_of(run_of(10)) + 5_000


def test_a_version_without_a_named_column_is_not_logged(parts_of, run_of):
    parts = parts_of(privacy=Privacy(drop=("passport",)))
    parts.queue.put(run_of(1, 2, 1))

    parts.work()

    assert parts.store.order == []
    assert parts.count("dropped_total", reason="columns") == 3
    assert "version 7 is not logged: PREDICTION_LOG_DROP_COLUMNS" in parts.troubles.told()
