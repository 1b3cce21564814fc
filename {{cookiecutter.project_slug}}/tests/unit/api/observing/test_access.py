import json
import logging
import threading
import time

import pytest

from {{ cookiecutter.package_name }}.logging.lines import Lines
from {{ cookiecutter.package_name }}.logging.setup import configure
from {{ cookiecutter.package_name }}_api.observing import access
from {{ cookiecutter.package_name }}_api.observing.access import AccessLog, line


class Reader(logging.Handler):
    """Keeps what is written and by which thread; reads only while `open`."""

    def __init__(self) -> None:
        super().__init__()
        self.records: list[tuple[str, str]] = []
        self.open, self.reached = threading.Event(), threading.Event()

    def emit(self, record):
        self.reached.set()
        assert self.open.wait(60)
        self.records.append((record.getMessage(), threading.current_thread().name))


@pytest.fixture
def reader():
    reader, logger = Reader(), logging.getLogger(access.__name__)
    logger.addHandler(reader)
    logger.setLevel(logging.INFO)
    yield reader
    reader.open.set()
    logger.removeHandler(reader)
    logger.setLevel(logging.NOTSET)


def noted(log, number):
    log.note(line(logging.INFO, f"GET /{number}", 200, 0.001, "id", "trace"))


def test_a_request_does_not_wait_for_the_log_and_a_stop_writes_what_is_left(reader):
    log = AccessLog()
    log.start()
    began = time.monotonic()

    for number in range(100):
        noted(log, number)
    took = time.monotonic() - began
    reader.open.set()
    log.stop()

    assert took < 30  # half of what it would be if it waited for the reader
    assert [what for what, _ in reader.records] == [f"GET /{number}" for number in range(100)]
    assert {thread for _, thread in reader.records} == {"access-log"}


def test_a_log_that_nobody_reads_loses_its_oldest_lines_and_says_how_many(reader, monkeypatch):
    monkeypatch.setattr(access, "_MOST_KEPT", 5)
    log = AccessLog()
    log.start()
    noted(log, "first")
    assert reader.reached.wait(60)  # its thread has this one in hand, and waits

    for number in range(8):
        noted(log, number)
    reader.open.set()
    log.stop()
    log.flush()

    messages = [what for what, _ in reader.records]
    assert messages[0] == "GET /first"
    assert messages[-5:] == [f"GET /{number}" for number in range(3, 8)]
    assert "lines lost" in messages


def test_a_stop_also_writes_what_came_while_its_thread_wrote(reader, monkeypatch):
    monkeypatch.setattr(access, "_GATHER_SECONDS", 0.0)
    log = AccessLog()
    log.start()
    noted(log, 1)
    assert reader.reached.wait(60)  # its thread has this one in hand, and waits
    noted(log, 2)
    stopping = threading.Thread(target=log.stop)
    stopping.start()
    time.sleep(0.1)

    reader.open.set()
    stopping.join()

    assert [what for what, _ in reader.records] == ["GET /1", "GET /2"]


def test_without_its_thread_a_line_is_written_at_once(reader):
    reader.open.set()

    noted(AccessLog(), 1)

    assert reader.records == [("GET /1", "MainThread")]


@pytest.mark.parametrize("owner", [None, "team-a"])
def test_a_line_says_whose_key_was_shown_where_one_was(caplog, owner):
    caplog.set_level(logging.INFO, "{{ cookiecutter.package_name }}_api.observing.access")

    AccessLog().note(line(logging.INFO, "GET /1", 200, 0.001, "id", "trace", owner))

    assert vars(caplog.records[0]).get("owner") == owner


def test_where_only_the_service_writes_its_log_many_lines_are_one_piece(
    logging_restored, monkeypatch, capsys
):
    configure("info", "json")
    pieces = []
    write = Lines.write
    monkeypatch.setattr(Lines, "write", lambda *given: pieces.append(1) or write(*given))
    log = AccessLog()
    log.start()
    for number in range(250):
        noted(log, number)
    log.stop()

    found = [json.loads(text) for text in capsys.readouterr().err.splitlines()]
    assert [each["message"] for each in found] == [f"GET /{number}" for number in range(250)]
    assert found[0] | {"time": ""} == {
        "time": "",
        "level": "info",
        "logger": access.__name__,
        "message": "GET /0",
        "status": 200,
        "duration_ms": 1.0,
        "request_id": "id",
        "trace_id": "trace",
    }
    assert 3 <= len(pieces) < 250
