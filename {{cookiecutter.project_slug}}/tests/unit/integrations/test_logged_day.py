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


def logged(ago: float, version: str, answers: str, rows: int, name: str = "") -> LoggedRequest:
    request_id, asked = name or uuid4().hex, '{"columns": ["a"], "rows": []}'
    return LoggedRequest(
        uuid4().hex, NOW - ago, request_id, "m", version, rows, asked, answers, None, 0.01
    )


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
    assert [value for _, value in day.answers["yes"]] == [50, 100]
    assert [value for _, value in day.right["right"]] == [0, None]
    assert day.delays["median"][0][1] == pytest.approx(10, rel=0.05)
    assert [title for title, _, _ in day.drift][0:1] == ["Answers by class"]


@pytest.mark.parametrize(("url", "words"), [("none", "is 'none'"), ("", "nothing of the last")])
def test_a_log_without_anything_says_what_to_do(log, url: str, words: str) -> None:
    with pytest.raises(DataNotFound, match=words):
        read_day(NOW + 100_000, url or log)
