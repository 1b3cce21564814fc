import re
from datetime import UTC, datetime, timedelta

import pytest

from {{ cookiecutter.package_name }}.evaluation.figures import to_svg
from {{ cookiecutter.package_name }}.evaluation.timeline import timeline
from {{ cookiecutter.package_name }}.schemas.history import Move

START = datetime(2030, 1, 1, tzinfo=UTC)


def move(hours, verb, version, source, to):
    return Move(
        id=str(hours),
        verb=verb,
        version=version,
        source=source,
        to=to,
        at=START + timedelta(hours=hours),
        by="ada",
    )


MOVES = [
    move(0, "promote", "1", "dev", "staging"),
    move(1, "promote", "1", "staging", "prod"),
    move(2, "promote", "2", "dev", "staging"),
    move(4, "promote", "2", "staging", "prod"),
    move(10, "rollback", "1", "archived", "prod"),
]


def test_a_stay_ends_where_another_version_came_or_its_own_went_on():
    stays = [
        (row["lane"], row["version"], row["from"][11:13], row["to"][11:13], row["verb"])
        for row in timeline(MOVES)["data"]["values"]
    ]

    assert stays == [
        ("prod", "v1", "01", "04", "promote"),
        ("prod", "v2", "04", "10", "promote"),
        ("prod", "v1", "10", "11", "rollback"),
        ("staging", "v1", "00", "01", "promote"),
        ("staging", "v2", "02", "04", "promote"),
    ]


def test_the_figure_is_drawn_and_the_same_each_time():
    drawn = to_svg(timeline(MOVES))

    assert drawn == to_svg(timeline(MOVES))
    assert [f">{name}<" in drawn for name in ("v1", "v2", "prod", "staging")] == [True] * 4


def test_one_move_is_a_figure_too():
    assert "v1" in to_svg(timeline(MOVES[:1]))
    assert "1 move up to" in to_svg(timeline(MOVES[:1]))


@pytest.mark.parametrize(
    ("begin", "hours", "label"),
    [
        (15, 2.5, "17:00"),
        (17.5, 0.05, "17:30:00"),
        (17, 30, "02 Jan 12:00"),
        (0, 24 * 40, "2030-02-03"),
    ],
)
def test_the_axis_has_24_hours_and_dates_where_it_is_long(begin, hours, label):
    stay = [
        move(begin, "promote", "1", "dev", "staging"),
        move(begin + hours, "promote", "1", "staging", "prod"),
    ]

    texts = re.findall(r"<text[^>]*>([^<]*)</text>", to_svg(timeline(stay)))

    assert label in texts
    assert not any(text.endswith(("AM", "PM")) for text in texts)
