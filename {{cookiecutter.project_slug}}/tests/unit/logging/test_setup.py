import json
import logging
from pathlib import Path

import pytest

from {{ cookiecutter.package_name }}.logging.setup import configure

pytestmark = pytest.mark.usefixtures("logging_restored")


def test_text_is_one_line_with_its_extras(capsys):
    configure("info", "text")

    logging.getLogger("room").info("two\nlines %d", 3, extra={"status": 200, "path": "a\nb"})

    (line,) = capsys.readouterr().err.splitlines()
    assert line.endswith(r"INFO    room two\nlines 3 status=200 path=a\nb")


def test_json_is_one_object_a_line(capsys):
    configure("info", "json")

    logging.getLogger("room").warning("hello", extra={"status": 200})

    line = json.loads(capsys.readouterr().err)
    assert line.pop("time").endswith("+00:00")
    assert line == {"level": "warning", "logger": "room", "message": "hello", "status": 200}


@pytest.mark.parametrize("log_format", ["text", "json"])
def test_an_exception_keeps_its_trace(capsys, log_format):
    configure("info", log_format)

    try:
        raise KeyError("lost")
    except KeyError:
        logging.getLogger("room").exception("defect")

    assert "KeyError: 'lost'" in capsys.readouterr().err


def test_records_below_the_level_are_not_written(capsys):
    configure("warning", "text")

    logging.getLogger("room").info("hello")

    assert capsys.readouterr().err == ""


def test_configuring_again_replaces_and_does_not_add(capsys):
    configure("info", "text")
    configure("info", "json")

    logging.getLogger("room").info("hello")

    assert len(capsys.readouterr().err.splitlines()) == 1


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (1 << 70, 1 << 70),
        ("\udcff", "\udcff"),
        ({1}, "{1}"),
        (Path("a"), "a"),
        (float("nan"), None),
    ],
)
def test_json_takes_whatever_a_value_is(capsys, value, shown):
    configure("info", "json")

    logging.getLogger("room").info("hello", extra={"value": value})

    assert json.loads(capsys.readouterr().err)["value"] == shown
