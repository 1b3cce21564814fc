import pytest

from {{ cookiecutter.package_name }}_api.guards import limits
from {{ cookiecutter.package_name }}_api.guards.limits import Limiter, Rate


@pytest.fixture
def clock(monkeypatch):
    now = [50.0]
    monkeypatch.setattr(limits, "monotonic", lambda: now[0])
    return now


def taken(limiter, rate, tries, owner=0):
    return sum(not limiter.wait(owner, rate) for _ in range(tries))


@pytest.mark.parametrize(
    ("text", "burst", "rate"),
    [
        ("100/s", None, Rate(100, 1, 100)),
        ("30/min", "5", Rate(30, 60, 5)),
        ("500/h", None, Rate(500, 3600, 500)),
    ],
)
def test_a_rate_is_read(text, burst, rate):
    assert Rate.of(text, burst) == rate


@pytest.mark.parametrize("text", ["", "0/s", "1", "1/d", "1.5/s", "-1/s", " 1/s"])
def test_what_is_no_rate_is_refused(text):
    with pytest.raises(ValueError, match="is no rate"):
        Rate.of(text)


def test_a_burst_may_come_at_once_and_then_the_rate(clock):
    limiter, rate = Limiter(), Rate(10, 1, 20)

    at_once = taken(limiter, rate, 100)
    later = []
    for _ in range(100):
        clock[0] += 0.05
        later.append(taken(limiter, rate, 3))
    clock[0] += 3600
    rested = taken(limiter, rate, 100)

    assert (at_once, sum(later), max(later), rested) == (20, 50, 1, 20)


def test_the_seconds_that_are_told_are_those_that_it_takes(clock):
    limiter, rate = Limiter(), Rate(1, 60, 1)
    limiter.wait(0, rate)
    clock[0] += 10

    seconds = limiter.wait(0, rate)
    clock[0] += seconds

    assert seconds == pytest.approx(50)
    assert limiter.wait(0, rate) == 0


def test_who_asks_in_vain_does_not_wait_longer_for_it(clock):
    limiter, rate = Limiter(), Rate(1, 1, 1)
    taken(limiter, rate, 1000)
    clock[0] += 1

    assert taken(limiter, rate, 1) == 1


def test_owners_do_not_take_from_each_other(clock):
    limiter, rate = Limiter(), Rate(2, 1, 2)

    assert [taken(limiter, rate, 9, owner) for owner in (0, 1)] == [2, 2]


def test_processes_with_one_folder_share_a_limit(clock, tmp_path):
    several, rate = [Limiter(str(tmp_path)) for _ in range(4)], Rate(8, 1, 8)

    at_once = [taken(one, rate, 3) for one in several]
    other = taken(several[0], rate, 9, owner=1)
    clock[0] += 0.25
    later = [taken(one, rate, 9) for one in reversed(several)]

    assert (at_once, other, later) == ([3, 3, 2, 0], 8, [2, 0, 0, 0])


def test_a_process_that_comes_later_finds_what_the_others_counted(clock, tmp_path):
    rate = Rate(1, 60, 1)
    taken(Limiter(str(tmp_path)), rate, 1)

    assert Limiter(str(tmp_path)).wait(0, rate) == pytest.approx(60)


def test_what_is_remembered_is_bounded(clock):
    limiter, rate = Limiter(), Rate(1, 1, 1)

    for place in range(0, 10_000_000, 1000):
        limiter.wait(place, rate)

    assert len(limiter._full_at) <= 65_536


@pytest.mark.parametrize("shared", [False, True])
def test_a_limit_that_was_raised_counts_at_once(clock, tmp_path, shared):
    before, after = [Limiter(str(tmp_path)) if shared else Limiter()] * 2
    if shared:
        after = Limiter(str(tmp_path))
    taken(before, Rate(100, 3600, 100), 200)

    raised = Rate(100, 1, 100)
    wait = after.wait(0, raised)
    clock[0] += 0.05

    assert wait == pytest.approx(0.01)
    assert taken(after, raised, 10) == 5
