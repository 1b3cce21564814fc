"""Every edge of the lifecycle, allowed and refused, in code and in the documentation."""

import itertools
import re
from pathlib import Path

import pytest

from {{ cookiecutter.package_name }}.schemas.lifecycle import (
    ALIASES,
    EDGES,
    STATES,
    aliases_after,
    allowed,
    displaced_to,
    state_of,
    why_not,
)

PAGE = Path(__file__).resolve().parents[3] / "docs" / "how-to" / "promote.md"
MOVES = [
    (verb, source, target)
    for verb, target in (("promote", "staging"), ("promote", "prod"), ("rollback", "prod"))
    for source in STATES
]
ALLOWED = {
    ("promote", "dev", "staging"),
    ("promote", "registered", "staging"),
    ("promote", "staging", "prod"),
    ("rollback", "archived", "prod"),
}


@pytest.mark.parametrize(("verb", "source", "target"), MOVES)
def test_every_way_is_allowed_or_refused_with_a_reason(verb, source, target):
    reason = why_not(verb, source, target, "7")

    assert allowed(verb, source, target) is ((verb, source, target) in ALLOWED)
    if (verb, source, target) in ALLOWED:
        assert reason is None
    else:
        assert reason
        assert "{" not in reason


def test_what_is_displaced_goes_where_it_belongs():
    assert displaced_to("prod") == "archived"
    assert displaced_to("staging") == "registered"


def test_the_diagram_in_the_documentation_is_the_table_in_the_code():
    drawn = set(re.findall(r"^ +(\S+) --> (\S+): (\w+)", PAGE.read_text(encoding="utf-8"), re.M))

    assert drawn == {(edge.source or "[*]", edge.target, edge.verb) for edge in EDGES}


@pytest.mark.parametrize(
    ("aliases", "tag", "state"),
    [
        ((), None, "registered"),
        ((), "dev", "registered"),
        ((), "staging", "registered"),
        ((), "prod", "archived"),
        ((), "archived", "archived"),
        (("archived",), "archived", "archived"),
        (("prod",), "archived", "prod"),
        (("archived", "prod"), "archived", "prod"),
        (("dev", "staging"), "dev", "staging"),
        (("champion",), "dev", "registered"),
        (("dev",), "archived", "archived"),
        (("dev",), "prod", "archived"),
        (("archived", "dev"), "dev", "archived"),
    ],
)
def test_aliases_decide_and_tags_tell_the_rest(aliases, tag, state):
    assert state_of(aliases, tag) == state


def walk(aliases, version, target):
    """The registry after the move."""
    changes = aliases_after(aliases, version, target, aliases.get(target))
    held = {**aliases, **changes}
    return {alias: number for alias, number in held.items() if number is not None}


@pytest.mark.parametrize(
    ("aliases", "version", "target", "after"),
    [
        ({"dev": "1"}, "1", "staging", {"staging": "1"}),
        ({"staging": "1"}, "1", "prod", {"prod": "1"}),
        (
            {"dev": "3", "staging": "2", "prod": "1"},
            "2",
            "prod",
            {"dev": "3", "prod": "2", "archived": "1"},
        ),
        ({"dev": "3", "staging": "2"}, "3", "staging", {"staging": "3"}),
        ({"prod": "2", "archived": "1"}, "1", "prod", {"prod": "1", "archived": "2"}),
        ({"prod": "3", "archived": "2"}, "1", "prod", {"prod": "1", "archived": "3"}),
        ({"dev": "1", "staging": "1", "prod": "1"}, "2", "prod", {"prod": "2", "archived": "1"}),
        ({"staging": "1", "prod": "1"}, "2", "staging", {"staging": "2", "prod": "1"}),
    ],
)
def test_aliases_follow_a_move(aliases, version, target, after):
    assert walk(aliases, version, target) == after


@pytest.mark.parametrize("target", ["staging", "prod"])
def test_after_any_move_from_anywhere_a_version_has_one_alias(target):
    for held in itertools.product((None, "1", "2", "3"), repeat=len(ALIASES)):
        aliases = {alias: number for alias, number in zip(ALIASES, held, strict=True) if number}
        after = walk(aliases, "1", target)

        assert after[target] == "1"
        assert [alias for alias, number in after.items() if number == "1"] == [target]


def test_asked_again_in_the_middle_the_rest_comes_out():
    begun = {"dev": "3", "staging": "2", "prod": "1"}
    changes = aliases_after(begun, "2", "prod", "1")

    done = {**begun, "prod": "2", "archived": "1"}

    assert changes == {"staging": None, "prod": "2", "archived": "1"}
    assert aliases_after(done, "2", "prod", "1") == {"staging": None}
