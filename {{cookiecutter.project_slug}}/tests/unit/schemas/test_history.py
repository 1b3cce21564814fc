from datetime import UTC, datetime, timedelta

import pytest

from {{ cookiecutter.package_name }}.schemas.history import Move, predecessor

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

    assert predecessor(reversed(moves(*steps)), present) == before


def test_a_version_that_was_put_there_by_other_means_counts():
    assert predecessor(moves((P, "1"), (P, "2")), "9") == "2"
    assert predecessor([], "9") is None


def test_moves_of_staging_are_no_matter():
    (one,) = moves((P, "1"))
    staged = one.model_copy(update={"to": "staging", "version": "8", "at": START + timedelta(1)})

    assert predecessor([one, staged], "1") is None


def test_names_of_tags_sort_by_time():
    tags = [move.tag for move in moves(*[(P, str(number)) for number in range(12)])]

    assert tags == sorted(tags)
    assert tags[0] == "move.20300101T000000.000000Z.prod"
