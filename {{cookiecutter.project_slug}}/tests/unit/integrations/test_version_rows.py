from datetime import UTC, datetime

import pytest

from {{ cookiecutter.package_name }}.integrations.version_list import ListedVersion
from {{ cookiecutter.package_name }}.integrations.version_rows import (
    decision_words,
    decisions,
    gate_rows,
    metric_rows,
    move_rows,
    origin_rows,
    others,
    version_rows,
)
from {{ cookiecutter.package_name }}.schemas.history import Move, RuleRecord

MADE = datetime(2030, 1, 1, tzinfo=UTC)


def version(number: int, *aliases: str, moves=(), **metrics: float) -> ListedVersion:
    measured = {f"test/{name}": value for name, value in metrics.items()}
    return ListedVersion(number, aliases, MADE, "mlp", "digits", "", "", "", measured, moves)


def move(number: str, *gate: RuleRecord, not_compared: str = "") -> Move:
    at = datetime(2030, 1, 2, int(number), tzinfo=UTC)
    return Move(
        id=number,
        verb="promote" if gate else "rollback",
        version="1",
        source="staging",
        to="prod",
        at=at,
        by="ada",
        gate=gate,
        not_compared=not_compared,
    )


HELD = RuleRecord(rule="accuracy", measured="0.9", sign=">=", limit=0.8, passed=True)
FAILED = RuleRecord(rule="parity", measured="0.2", sign="<=", limit=0.1, passed=False)


def test_a_version_that_no_alias_names_shows_its_state() -> None:
    rows = version_rows([version(2, "dev", "staging"), version(1)])

    assert [row["state"] for row in rows] == ["dev, staging", "registered"]


def test_metrics_of_two_versions_stand_side_by_side_with_their_difference() -> None:
    one, other = version(2, accuracy=0.75, macro_f1=0.5), version(1, accuracy=0.5)

    assert metric_rows(one, other) == [
        {"metric": "test/accuracy", "version 2": 0.75, "version 1": 0.5, "difference": 0.25},
        {"metric": "test/macro_f1", "version 2": 0.5, "version 1": None, "difference": None},
    ]
    assert list(metric_rows(one, None)[0]) == ["metric", "version 2"]


def test_what_is_not_known_of_an_old_version_is_said() -> None:
    facts = {row["fact"]: row["version 1"] for row in origin_rows(version(1), None)}

    assert (facts["digest"], facts["rows"]) == ("not known", "not known")
    assert facts["commit"] == "none: trained outside a git repository"


def test_the_version_that_serves_is_the_first_to_compare_with() -> None:
    versions = [version(3, "dev"), version(2), version(1, "prod")]

    assert [one.number for one in others(versions, versions[0])] == [1, 2]


def test_moves_are_the_newest_first_and_those_without_a_gate_decide_nothing() -> None:
    moved = version(1, moves=(move("1", HELD), move("2")))

    assert [row["moved by"] for row in move_rows(moved)] == ["rollback", "promote"]
    assert [one.id for one in decisions(moved)] == ["1"]


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("", "1 of 2 rules held."),
        ("there is none.", "1 of 2 rules held. Not compared with prod: there is none."),
    ],
)
def test_a_gate_is_told_with_the_rules_that_failed_first(reason: str, words: str) -> None:
    decided = move("1", HELD, FAILED, not_compared=reason)

    assert [row["rule"] for row in gate_rows(decided)] == ["parity", "accuracy"]
    assert decision_words(decided) == words
