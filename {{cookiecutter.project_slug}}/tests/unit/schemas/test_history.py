from datetime import UTC, datetime, timedelta

import pytest

from {{ cookiecutter.package_name }}.schemas.history import (
    Approval,
    Intent,
    Move,
    forgotten,
    predecessor,
)

START = datetime(2030, 1, 1, tzinfo=UTC)


def moves(*steps):
    """Each step is (verb, version); `former` is what the step before left."""
    made, held = [], None
    for place, (verb, version) in enumerate(steps):
        source = "staging" if verb == "promote" else "archived"
        made.append(
            Move(
                id=str(place),
                verb=verb,
                version=version,
                source=source,
                to="prod",
                at=START + timedelta(hours=place),
                by="ada",
                former=held,
            )
        )
        held = version
    return made


P, R = "promote", "rollback"
ALL = {str(number) for number in range(10)}


@pytest.mark.parametrize(
    ("steps", "before"),
    [
        ([], None),
        ([(P, "1")], None),
        ([(P, "1"), (P, "2")], "1"),
        ([(P, "1"), (P, "2"), (P, "3"), (R, "2")], "1"),
        ([(P, "1"), (P, "2"), (P, "3"), (R, "2"), (R, "1")], None),
        ([(P, "1"), (P, "2"), (P, "3"), (R, "1")], None),
        ([(P, "1"), (P, "2"), (R, "1"), (P, "3")], "1"),
        ([(P, "1"), (P, "2"), (R, "1"), (R, "2")], "1"),
    ],
)
def test_a_rollback_goes_to_what_served_before_however_often(steps, before):
    present = steps[-1][1] if steps else None

    assert predecessor(reversed(moves(*steps)), present, ALL) == before


def test_a_version_that_was_put_there_by_other_means_counts():
    assert predecessor(moves((P, "1"), (P, "2")), "9", ALL) == "2"
    assert predecessor([], "9", ALL) is None


@pytest.mark.parametrize(
    ("steps", "deleted", "before"),
    [
        ([(P, "1"), (P, "2"), (P, "3")], "2", "1"),
        ([(P, "1"), (P, "2"), (P, "3"), (P, "4")], "2", "3"),
        ([(P, "1"), (P, "2"), (P, "3"), (R, "2"), (P, "4")], "2", "1"),
        ([(P, "1"), (P, "2")], "1", None),
        ([(P, "1"), (P, "2"), (P, "3")], "3", "2"),
        ([(P, "1"), (P, "2"), (R, "1")], "1", "2"),
        ([(P, "1")], "1", None),
    ],
)
def test_a_deleted_version_and_its_records_are_skipped(steps, deleted, before):
    left = [move for move in moves(*steps) if move.version != deleted]
    present = None if steps[-1][1] == deleted else steps[-1][1]

    assert predecessor(left, present, ALL - {deleted}) == before


def test_where_prod_names_nothing_what_served_last_comes_back():
    assert predecessor(moves((P, "1"), (P, "2")), None, ALL) == "2"


def test_a_version_that_was_deleted_is_known_by_what_followed_it():
    left = [move for move in moves((P, "1"), (P, "2"), (P, "10")) if move.version == "10"]

    assert forgotten(left, {"10"}) == ["2"]
    assert forgotten(left, {"2", "10"}) == []


def test_what_a_newer_release_adds_to_a_record_is_no_error():
    (one,) = moves((P, "1"))
    text = one.model_dump_json()[:-1] + ',"later":1}'

    assert Move.model_validate_json(text) == one
    approval = Approval(version="1", sha256="ab", by="ada", at=START)
    assert Approval.model_validate_json(approval.model_dump_json()[:-1] + ',"x":1}') == approval


def test_an_intent_keeps_the_other_tags_and_the_move_as_it_is():
    (one,) = moves((P, "1"))
    intent = Intent(**one.model_dump(), tags={"test/skill": "1"})

    read = Intent.model_validate_json(intent.model_dump_json())

    assert (read, read.move) == (intent, one)
    assert read.move.model_dump_json() == one.model_dump_json()
    assert Intent.model_validate_json(one.model_dump_json()).tags == {}


def test_moves_of_staging_are_no_matter():
    (one,) = moves((P, "1"))
    staged = one.model_copy(update={"to": "staging", "version": "8", "at": START + timedelta(1)})

    assert predecessor([one, staged], "1", ALL) is None


def test_names_of_tags_sort_by_time():
    tags = [move.tag for move in moves(*[(P, str(number)) for number in range(12)])]

    assert tags == sorted(tags)
    assert tags[0] == "move.20300101T000000.000000Z.prod"
