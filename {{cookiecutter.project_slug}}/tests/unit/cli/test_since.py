import argparse
import time

import pytest

from {{ cookiecutter.package_name }}.cli._since import age, moment


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("45s", 45), ("30m", 1800), ("12h", 43200), ("90d", 7776000), ("2w", 1209600)],
)
def test_a_stretch_of_time_is_read(text, seconds):
    assert age(text) == seconds


@pytest.mark.parametrize("text", ["90", "d", "-1d", "1y", "1.5d", ""])
def test_no_stretch_of_time_is_refused_with_examples(text):
    with pytest.raises(argparse.ArgumentTypeError, match="expected 12h, 90d or 2w"):
        age(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2030-01-01", 1893456000),
        ("2030-01-01T12:00", 1893499200),
        ("2030-01-01T12:00+02:00", 1893492000),
    ],
)
def test_a_moment_is_read_as_utc_unless_it_says_otherwise(text, expected):
    assert moment(text) == expected


def test_a_stretch_of_time_is_a_moment_that_long_ago():
    assert moment("1d") == pytest.approx(time.time() - 86400, abs=5)


def test_no_moment_is_refused_with_examples():
    with pytest.raises(argparse.ArgumentTypeError, match="expected 1d"):
        moment("yesterday")
