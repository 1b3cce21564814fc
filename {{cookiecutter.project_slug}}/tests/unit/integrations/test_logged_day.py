from pathlib import Path
from uuid import uuid4

import pytest

from {{ cookiecutter.package_name }}.integrations.logged_day import read_day
from {{ cookiecutter.package_name }}.integrations.prediction_log import open_store
from {{ cookiecutter.package_name }}.schemas.errors import DataNotFound
from {{ cookiecutter.package_name }}.schemas.prediction_log import (
    LoggedLabel,
    LoggedRequest,
)

NOW = 1_900_000_800.0


def logged(
    ago: float, version: str, answers: str, rows: int, name: str = "", model: str = "m"
) -> LoggedRequest:
    request_id, asked = name or uuid4().hex, '{"columns": ["a"], "rows": []}'
    return LoggedRequest(
        uuid4().hex, NOW - ago, request_id, model, version, rows, asked, answers, None, 0.01
    )


def write(path: Path, *requests: LoggedRequest) -> str:
    """The address of a new log with these."""
    url = f"sqlite:///{path / 'other.db'}"
    store = open_store(url)
    store.open()
    store.write([*requests], [])
    store.close()
    return url


@pytest.fixture
def log(tmp_path) -> str:
    """The address of a log with two requests of the last hour, and one that is older."""
    url = f"sqlite:///{tmp_path / 'log.db'}"
    store = open_store(url)
    store.open()
    store.write(
        [
            logged(90_000, "1", '["no"]', 1),
            logged(2_000, "1", '["no", "yes"]', 2, name="first"),
            logged(10, "2", '["yes"]', 1),
        ],
        [LoggedLabel(uuid4().hex, NOW, "first", 0, "yes", None)],
    )
    store.close()
    return url


def test_the_last_day_is_drawn_by_quarters_of_an_hour(log) -> None:
    day = read_day(NOW, log)

    (early, late) = day.rates["rows"]
    assert (early[1], late[1]) == (pytest.approx(2 / 15), pytest.approx(1 / 15))
    assert -1 < early[0] < late[0] <= 0
    assert [value for _, value in day.versions["version 1"]] == [pytest.approx(2 / 15), 0]
    assert [value for _, value in day.answers["version 1"]["yes"]] == [50, None]
    assert [value for _, value in day.answers["version 2"]["yes"]] == [None, 100]
    assert [value for _, value in day.right["right"]] == [0, None]
    assert day.delays["median"][0][1] == pytest.approx(10, rel=0.05)
    assert [title for title, _, _ in day.drift] == [
        "Answers by class, version 2",
        "Answers by class, version 1",
        "Rows answered right, of those whose label was told",
    ]


def test_the_classes_of_two_models_are_not_drawn_together(tmp_path) -> None:
    pets = logged(2_000, "1", '["cat", "dog", "cat", "cat"]', 4)
    url = write(tmp_path, pets, logged(1_990, "2", '["no"]', 1))

    day = read_day(NOW, url)

    assert {name: set(lines) for name, lines in day.answers.items()} == {
        "version 2": {"no"},
        "version 1": {"cat", "dog"},
    }
    assert [value for _, value in day.answers["version 1"]["cat"]] == [75]


def test_versions_of_several_models_are_told_apart_by_their_models(tmp_path) -> None:
    url = write(tmp_path, logged(9, "1", '["a"]', 1), logged(5, "1", '["b"]', 1, model="n"))

    assert [*read_day(NOW, url).answers] == ["n version 1", "m version 1"]


def test_of_many_versions_those_that_answered_last_have_a_chart(tmp_path) -> None:
    url = write(tmp_path, *(logged(900 * ago, str(9 - ago), '["a"]', 1) for ago in range(8)))

    assert [*read_day(NOW, url).answers] == ["version 9", "version 8", "version 7"]


def test_numbers_have_no_chart_of_classes(tmp_path) -> None:
    assert read_day(NOW, write(tmp_path, logged(9, "1", "[2.5]", 1))).drift == []


@pytest.mark.parametrize(("url", "words"), [("none", "is 'none'"), ("", "nothing of the last")])
def test_a_log_without_anything_says_what_to_do(log, url: str, words: str) -> None:
    with pytest.raises(DataNotFound, match=words):
        read_day(NOW + 100_000, url or log)
