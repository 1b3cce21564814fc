"""A move against a registry in memory, for what is hard to bring about with a real one."""

from datetime import UTC, datetime

import pytest

from {{ cookiecutter.package_name }}.integrations.claims import Turn
from {{ cookiecutter.package_name }}.integrations.moving import move, repair
from {{ cookiecutter.package_name }}.integrations.versions import Snapshot, VersionInfo
from {{ cookiecutter.package_name }}.schemas.errors import MoveRefused, TrackingUnavailable
from {{ cookiecutter.package_name }}.schemas.history import Move


class Memory:
    """A registered model; stands for registry and writer. `before` may act before any call."""

    def __init__(self, aliases, lifecycles):
        self.aliases = dict(aliases)
        self.tags = {number: {"lifecycle": tag} for number, tag in lifecycles.items()}
        self.registry = self
        self.before = lambda name, *words: None

    def snapshot(self):
        held = {number: [] for number in self.tags}
        for alias, number in self.aliases.items():
            held[number].append(alias)
        versions = {
            number: VersionInfo("pets", number, None, tuple(held[number]), dict(tags))
            for number, tags in self.tags.items()
        }
        return Snapshot("pets", dict(self.aliases), {}, versions)

    def set_alias(self, alias, number):
        self.before("set_alias", alias, number)
        self.aliases[alias] = number

    def delete_alias(self, alias):
        self.before("delete_alias", alias)
        self.aliases.pop(alias, None)

    def tag(self, number, key, value):
        self.before("tag", number, key)
        self.tags[number][key] = value

    def untag(self, number, key):
        self.before("untag", number, key)
        self.tags[number].pop(key, None)


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


@pytest.fixture
def memory():
    return Memory(
        {"dev": "3", "staging": "2", "prod": "1"}, {"1": "prod", "2": "staging", "3": "dev"}
    )


def test_a_move_takes_its_version_from_where_it_was_and_archives_the_former(memory):
    move(Turn(memory, memory.snapshot()), wanted("2", "staging", "prod", "1"), {"test/skill": "1"})

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
        move(Turn(memory, memory.snapshot()), decided, {})

    assert memory.snapshot() == before


def test_a_version_that_went_elsewhere_meanwhile_is_refused(memory):
    with pytest.raises(MoveRefused, match="Version 3 is dev now, and was registered"):
        move(Turn(memory, memory.snapshot()), wanted("3", "registered", "staging", "2"), {})


def test_an_alias_that_somebody_moved_by_other_means_is_noticed(memory):
    def meddle(name, *words):
        if name == "untag":
            memory.aliases["prod"] = "3"

    memory.before = meddle

    with pytest.raises(TrackingUnavailable, match="set to version 2 but names version 3"):
        move(Turn(memory, memory.snapshot()), wanted("2", "staging", "prod", "1"), {})


def test_a_training_that_ended_just_then_keeps_dev(memory):
    def train(name, *words):
        if (name, *words) == ("delete_alias", "dev"):
            memory.tags["4"] = {"lifecycle": "dev"}
            memory.aliases["dev"] = "4"

    memory.before = train

    move(Turn(memory, memory.snapshot()), wanted("3", "dev", "staging", "2"), {})

    assert memory.aliases == {"dev": "4", "staging": "3", "prod": "1"}
    assert memory.tags["2"]["lifecycle"] == "registered"


def test_an_intent_of_a_move_that_never_happened_is_forgotten(memory):
    decided = wanted("2", "staging", "prod", "1")
    memory.tag("2", "intent", decided.model_dump_json())
    before = dict(memory.aliases)

    assert repair(Turn(memory, memory.snapshot())) == []
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
        move(Turn(memory, memory.snapshot()), decided, {})
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
    move(Turn(whole, whole.snapshot()), decided, {})
    untouched = Memory(aliases, lifecycles).snapshot()
    last, outcomes = 0, []

    while killed_before(memory := Memory(aliases, lifecycles), decided, last):
        seen = {number: one.state for number, one in memory.snapshot().versions.items()}
        repair(Turn(memory, memory.snapshot()))
        repaired = memory.snapshot()
        assert repaired in (untouched, whole.snapshot())
        assert seen == {number: one.state for number, one in repaired.versions.items()}
        outcomes.append(repaired == untouched)
        last += 1

    assert outcomes[:2] == [True, True]  # before the intent, before the alias
    assert len(outcomes) >= 5
    assert not any(outcomes[2:])
