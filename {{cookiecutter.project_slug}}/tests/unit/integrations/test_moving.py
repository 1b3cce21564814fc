"""A move against a registry in memory, for what is hard to bring about with a real one."""

import time
from datetime import UTC, datetime

import pytest
from registry_memory import Memory

from {{ cookiecutter.package_name }}.integrations.claims import Turn
from {{ cookiecutter.package_name }}.integrations.moving import move, repair
from {{ cookiecutter.package_name }}.schemas.errors import MoveRefused, TrackingUnavailable
from {{ cookiecutter.package_name }}.schemas.history import Move


def wanted(version, source, to, former=None):
    return Move(
        id="1",
        verb="promote",
        version=version,
        source=source,
        to=to,
        at=datetime(2030, 1, 1, tzinfo=UTC),
        by="ada",
        former=former,
    )


def turn(memory):
    return Turn(memory, memory.snapshot(), time.monotonic())


@pytest.fixture
def memory():
    return Memory(
        {"dev": "3", "staging": "2", "prod": "1"}, {"1": "prod", "2": "staging", "3": "dev"}
    )


def test_a_move_takes_its_version_from_where_it_was_and_archives_the_former(memory):
    move(turn(memory), wanted("2", "staging", "prod", "1"), {"test/skill": "1"})

    assert memory.aliases == {"dev": "3", "prod": "2", "archived": "1"}
    assert memory.tags["1"] == {"lifecycle": "archived"}
    assert memory.tags["2"]["test/skill"] == "1"
    assert sorted(memory.tags["2"])[1].startswith("move.20300101T000000")


@pytest.mark.parametrize(
    "decided",
    [wanted("2", "staging", "prod", "9"), wanted("2", "staging", "prod")],
    ids=["another served", "nothing served"],
)
def test_a_decision_about_another_registry_is_refused(memory, decided):
    before = memory.snapshot()

    with pytest.raises(MoveRefused, match="somebody moved it meanwhile"):
        move(turn(memory), decided, {})

    assert memory.snapshot() == before


def test_a_version_that_went_elsewhere_meanwhile_is_refused(memory):
    with pytest.raises(MoveRefused, match="Version 3 is dev now, and was registered"):
        move(turn(memory), wanted("3", "registered", "staging", "2"), {})


def test_an_alias_that_somebody_moved_by_other_means_is_noticed(memory):
    def meddle(name, *words):
        if name == "untag":
            memory.aliases["prod"] = "3"

    memory.before = meddle

    with pytest.raises(TrackingUnavailable, match="set to version 2 but names version 3"):
        move(turn(memory), wanted("2", "staging", "prod", "1"), {})


def test_a_move_that_is_complete_is_not_asked_to_be_run_again(memory, monkeypatch):
    def away():
        raise TrackingUnavailable("The store is away.")

    mine = turn(memory)
    monkeypatch.setattr(memory, "snapshot", away)

    with pytest.raises(TrackingUnavailable, match=r"prod names version 2 now, .* nothing to run"):
        move(mine, wanted("2", "staging", "prod", "1"), {})

    assert memory.aliases["prod"] == "2"


def test_a_training_that_ended_just_then_keeps_dev(memory):
    def train(name, *words):
        if (name, *words) == ("delete_alias", "dev"):
            memory.tags["4"] = {"lifecycle": "dev"}
            memory.aliases["dev"] = "4"

    memory.before = train

    move(turn(memory), wanted("3", "dev", "staging", "2"), {})

    assert memory.aliases == {"dev": "4", "staging": "3", "prod": "1"}
    assert memory.tags["2"]["lifecycle"] == "registered"


def test_an_archived_version_does_not_get_dev_because_it_is_the_newest(memory):
    memory.tags["4"] = {"lifecycle": "archived"}

    move(turn(memory), wanted("3", "dev", "staging", "2"), {})

    assert memory.aliases == {"staging": "3", "prod": "1"}


def test_a_move_is_finished_though_its_former_version_was_deleted_since(memory):
    assert killed_before(memory, wanted("2", "staging", "prod", "1"), 2)
    del memory.tags["1"]

    (finished,) = repair(turn(memory))

    assert (finished.version, finished.former) == ("2", "1")
    assert memory.aliases == {"dev": "3", "prod": "2"}
    assert (memory.tags["2"]["lifecycle"], "intent" in memory.tags["2"]) == ("prod", False)


def test_an_intent_of_a_move_that_never_happened_is_forgotten(memory):
    decided = wanted("2", "staging", "prod", "1")
    memory.tag("2", "intent", decided.model_dump_json())
    before = dict(memory.aliases)

    assert repair(turn(memory)) == []
    assert (memory.aliases, "intent" in memory.tags["2"]) == (before, False)


class Killed(BaseException):
    """Ends a move where kill -9 would."""


def killed_before(memory, decided, last):
    """Whether the move got so far that it was killed before call number `last`."""
    left = iter(range(last, -1000, -1))

    def kill(name, *words):
        if next(left) == 0:
            raise Killed

    memory.before = kill
    try:
        move(turn(memory), decided, {"test/skill": "1"})
    except Killed:
        return True
    finally:
        memory.before = lambda name, *words: None
    return False


@pytest.mark.parametrize(
    ("aliases", "lifecycles", "decided"),
    [
        (
            {"dev": "3", "staging": "2", "prod": "1"},
            {"1": "prod", "2": "staging", "3": "dev"},
            wanted("2", "staging", "prod", "1"),
        ),
        (
            {"dev": "3", "staging": "2", "prod": "1"},
            {"1": "prod", "2": "staging", "3": "dev"},
            wanted("3", "dev", "staging", "2"),
        ),
        (
            {"prod": "2", "archived": "1"},
            {"1": "archived", "2": "prod"},
            wanted("1", "archived", "prod", "2").model_copy(update={"verb": "rollback"}),
        ),
        ({"staging": "1"}, {"1": "staging"}, wanted("1", "staging", "prod")),
    ],
    ids=["promotion", "staging", "rollback", "the first one"],
)
def test_killed_before_any_call_it_is_before_or_after_and_repaired(aliases, lifecycles, decided):
    whole = Memory(aliases, lifecycles)
    move(turn(whole), decided, {"test/skill": "1"})
    untouched = Memory(aliases, lifecycles).snapshot()
    last, outcomes = 0, []

    while killed_before(memory := Memory(aliases, lifecycles), decided, last):
        seen = {number: one.state for number, one in memory.snapshot().versions.items()}
        repair(turn(memory))
        repaired = memory.snapshot()
        assert repaired in (untouched, whole.snapshot())
        assert seen == {number: one.state for number, one in repaired.versions.items()}
        outcomes.append(repaired == untouched)
        last += 1

    assert outcomes[:2] == [True, True]  # before the intent, before the alias
    assert len(outcomes) >= 5
    assert not any(outcomes[2:])
