"""Tickets, with every call of several processes put into one order at random."""

import random
import threading
from datetime import UTC, datetime, timedelta

import pytest

from {{ cookiecutter.package_name }}.integrations import claims
from {{ cookiecutter.package_name }}.integrations.claims import LEASE, Claim, turn
from {{ cookiecutter.package_name }}.integrations.versions import Snapshot
from {{ cookiecutter.package_name }}.schemas.errors import MoveRefused, TrackingUnavailable
from {{ cookiecutter.package_name }}.utils.processes import identity


class Store:
    """A registered model's tags; stands for the registry and for its writer."""

    def __init__(self, step=lambda: None):
        self.tags = {}
        self.registry = self
        self.step = step

    def tag_model(self, key, value):
        self.step()
        self.tags[key] = value

    def untag_model(self, key):
        self.step()
        self.tags.pop(key, None)

    def model_tags(self):
        self.step()
        return dict(self.tags)

    def snapshot(self):
        self.step()
        return Snapshot("pets", {}, dict(self.tags), {})


class Scheduler:
    """Lets one of several threads do one call at a time, in an order drawn from a seed."""

    def __init__(self, seed, threads):
        self.draws = random.Random(seed)
        self.waiting = {}
        self.running = threads
        self.lock = threading.Condition()

    def step(self):
        me = threading.get_ident()
        with self.lock:
            self.waiting[me] = threading.Event()
            event = self.waiting[me]
            self._next()
        assert event.wait(60)

    def end(self):
        with self.lock:
            self.running -= 1
            self._next()

    def _next(self):
        if self.waiting and len(self.waiting) == self.running:
            chosen = self.draws.choice(sorted(self.waiting))
            self.waiting.pop(chosen).set()


def contend(seed, contenders):
    """How many were inside at once at most, how many got in, and how many were refused."""
    scheduler = Scheduler(seed, contenders)
    store, inside, most, outcomes = Store(scheduler.step), [], [], []

    def one():
        try:
            with turn(store, "moving", "ada"):
                inside.append(1)
                most.append(len(inside))
                store.model_tags()  # others may go on while this one is inside
                inside.pop()
            outcomes.append("moved")
        except MoveRefused:
            outcomes.append("refused")
        finally:
            scheduler.end()

    threads = [threading.Thread(target=one) for _ in range(contenders)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert store.tags == {}
    return max(most, default=0), sorted(outcomes)


@pytest.mark.parametrize("contenders", [2, 3])
def test_in_whatever_order_calls_happen_one_is_inside_at_a_time(contenders, monkeypatch):
    monkeypatch.setattr(claims.time, "sleep", lambda seconds: None)
    seen = set()

    for seed in range(150):
        most, outcomes = contend(seed, contenders)
        assert most == 1, seed
        assert "moved" in outcomes, seed
        seen.add(tuple(outcomes))

    assert {("moved",) * contenders, ("moved", *["refused"] * (contenders - 1))} <= seen


def other(**changes):
    values = {
        "token": "0",
        "ticket": 1,
        "what": "version 3 to prod",
        "by": "bob",
        "process": "",
        "at": datetime.now(UTC),
    }
    return Claim(**values | changes)


def held(claim):
    store = Store()
    store.tags[claim.tag] = claim.model_dump_json()
    return store


def test_a_living_move_is_named():
    store = held(other(process=identity()))

    with (
        pytest.raises(MoveRefused, match=r"bob is moving an alias now \(version 3 to prod"),
        turn(store, "mine", "ada"),
    ):
        pass

    assert len(store.tags) == 1


@pytest.mark.parametrize(
    "ended",
    [
        {"process": identity().rpartition(" ")[0] + " 1"},
        {"at": datetime.now(UTC) - LEASE - timedelta(seconds=1)},
        {"ticket": 0, "at": datetime.now(UTC) - LEASE - timedelta(seconds=1)},
    ],
    ids=["its process is gone", "its time is over", "it never got its number"],
)
def test_a_claim_that_ended_is_removed_and_holds_nobody_up(ended):
    store = held(other(**ended))

    with turn(store, "mine", "ada") as mine:
        assert list(store.tags) == [key for key in store.tags if not key.endswith(".0")]
        mine.check()

    assert store.tags == {}


def test_a_claim_of_another_machine_counts_until_its_time_is_over():
    assert not other(process="another-kernel/1 7 99").ended
    assert not other(process="").ended


def test_who_is_too_slow_stops_before_others_take_it_for_dead(monkeypatch):
    with turn(Store(), "mine", "ada") as mine:
        mine.check()
        monkeypatch.setattr(claims.time, "monotonic", lambda: float("inf"))

        with pytest.raises(TrackingUnavailable, match="too slow: the move was stopped"):
            mine.check()


def test_the_time_counts_from_the_first_word_not_from_the_admission(monkeypatch):
    clock = iter(range(0, 10_000, 40))
    now = [0.0]

    def wait():
        now[0] = next(clock)

    monkeypatch.setattr(claims.time, "monotonic", lambda: now[0])
    store = Store(wait)

    with (
        pytest.raises(TrackingUnavailable, match="too slow: the move was stopped after 150 s"),
        turn(store, "mine", "ada"),
    ):
        pytest.fail("was let in with too little time left")

    assert store.tags == {}


def test_its_owner_ends_before_its_claim_does_whatever_the_last_call_takes():
    last_call, clocks_differ = timedelta(minutes=1), timedelta(minutes=1)

    assert timedelta(seconds=claims._WORK_SECONDS) + last_call + clocks_differ < LEASE


def test_a_tag_that_is_no_claim_is_nobodys():
    store = Store()
    store.tags["moving.x"] = "what?"

    with turn(store, "mine", "ada"):
        pass

    assert store.tags == {"moving.x": "what?"}
