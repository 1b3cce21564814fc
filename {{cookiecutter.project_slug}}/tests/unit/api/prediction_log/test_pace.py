import time

import pytest

from {{ cookiecutter.package_name }}_api.prediction_log.pace import LEAST_SHARE, SLICE_SECONDS, Pace


def _work(seconds: float) -> None:
    until = time.thread_time() + seconds
    while time.thread_time() < until:
        pass


@pytest.fixture
def rest_of():
    def rest(waiting: float, pressure: float = 0.0) -> float:
        pace = Pace(lambda: waiting)
        _work(0.002)
        return pace.rest(16, pressure)

    return rest


def test_where_requests_wait_the_writer_takes_its_least_share(rest_of):
    assert rest_of(waiting=0.1) >= 0.002 / LEAST_SHARE * 0.9


def test_where_the_process_is_idle_it_may_work_most_of_the_time(rest_of):
    assert rest_of(waiting=0.0) < 0.002


def test_a_queue_that_fills_is_more_urgent_than_the_requests(rest_of):
    calm, pressed, full = (rest_of(waiting=0.1, pressure=level) for level in (0.0, 0.2, 1.0))

    assert calm > pressed
    assert full == pytest.approx(0.002 * 4, rel=0.5)  # but requests still come first


def test_what_only_goes_to_the_disk_goes_soon_and_in_few_turns():
    pace = Pace(lambda: 0.1)
    rests = []
    for pressure in (0.0, 0.2):
        _work(0.002)
        rests.append(pace.rest(pace.entries, pressure, deferred=True))

    assert rests[0] == 0.05
    assert 0.005 < rests[1] < 0.05


def test_slices_become_as_large_as_their_time_allows():
    pace = Pace(lambda: 0.0)
    for _ in range(10):
        pace.resize(pace.entries, 0.0)
    large = pace.entries
    pace.resize(1, SLICE_SECONDS / 2)  # there was no more to do
    assert pace.entries == large > 1000

    pace.resize(large, SLICE_SECONDS * 4)

    assert pace.entries == large // 2
