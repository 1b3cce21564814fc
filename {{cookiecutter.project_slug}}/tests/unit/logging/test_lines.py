"""Many lines at once look as records do, and go where records would go."""

import logging

import pytest

from {{ cookiecutter.package_name }}.logging.lines import Lines, Said
from {{ cookiecutter.package_name }}.logging.setup import configure

pytestmark = pytest.mark.usefixtures("logging_restored")

LOGGER = logging.getLogger("room.of.lines")


def configured() -> Lines:
    """What `configure` sets up: it alone hears of what is said here, as in a service."""
    configure("info", "text")
    found = Lines.alone(LOGGER)
    assert found is not None
    return found


@pytest.mark.parametrize("log_format", ["text", "json"])
def test_lines_look_as_those_of_records_do(capsys, log_format):
    configure("info", log_format)
    record = LOGGER.makeRecord(
        LOGGER.name, logging.INFO, "", 0, "GET /\n", (), None, extra={"status": 200, "id": "a\nb"}
    )

    LOGGER.handle(record)
    Lines.alone(LOGGER).write([Said.by(record)] * 2)

    first, second, third = capsys.readouterr().err.splitlines()
    assert first == second == third
    assert "200" in first


def test_what_is_written_at_once_is_no_longer_than_a_pipe_takes_as_one_piece():
    lines, pieces = configured(), Pieces()
    lines.setStream(pieces)
    said = [Said(0.0, "INFO", "a", letter * size, {}) for letter, size in LENGTHS]

    lines.write(said)

    assert [text[-2] for text in "".join(pieces).splitlines(keepends=True)] == [
        letter for letter, _ in LENGTHS
    ]
    assert all(len(piece.encode()) <= 4096 or piece.count("\n") == 1 for piece in pieces)
    assert len(pieces) == 5


LENGTHS = [("a", 100), ("b", 3900), ("c", 100), ("d", 5000), ("ü", 1500), ("f", 1500), ("g", 9)]


class Pieces(list[str]):
    """Keeps each piece that is written."""

    write = list.append

    def flush(self) -> None:
        pass


def test_another_handler_or_a_filter_is_not_passed_over():
    lines = configured()
    other, odd = logging.NullHandler(), logging.Filter()
    for add, remove, what in [
        (LOGGER.addHandler, LOGGER.removeHandler, other),
        (logging.getLogger("room").addHandler, logging.getLogger("room").removeHandler, other),
        (LOGGER.addFilter, LOGGER.removeFilter, odd),
        (lines.addFilter, lines.removeFilter, odd),
    ]:
        add(what)
        assert Lines.alone(LOGGER) is None
        remove(what)
    assert Lines.alone(LOGGER) is lines


def test_a_level_or_another_kind_of_handler_takes_records():
    lines = configured()
    lines.setLevel("ERROR")
    assert Lines.alone(LOGGER) is None
    logging.getLogger().handlers[:] = [logging.StreamHandler()]
    assert Lines.alone(LOGGER) is None


def test_a_reader_that_is_gone_ends_nobody():
    lines = configured()
    lines.setStream(Gone())

    lines.write([Said(0.0, "INFO", "a", "b", {})])


class Gone:
    """A pipe whose other end is closed."""

    def write(self, _) -> None:
        raise BrokenPipeError(32, "Broken pipe")

    def flush(self) -> None:
        raise BrokenPipeError(32, "Broken pipe")
