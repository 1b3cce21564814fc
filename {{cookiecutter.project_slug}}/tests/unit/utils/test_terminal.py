import io
import os
import sys

import pytest

from {{ cookiecutter.package_name }}.utils.terminal import bar_console


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def piped(monkeypatch):
    """Lets stdout be a pipe from now on."""
    ends = []

    def pipe() -> None:
        reading, writing = os.pipe()
        ends.extend([os.fdopen(reading), os.fdopen(writing, "w")])
        monkeypatch.setattr(sys, "stdout", ends[-1])

    yield pipe
    for end in ends:
        end.close()


def test_a_terminal_has_bars_whether_stdout_goes_there_or_into_a_file(monkeypatch, tmp_path):
    monkeypatch.setattr(sys, "stderr", Terminal())
    monkeypatch.setattr(sys, "stdout", Terminal())
    assert bar_console().is_terminal

    with (tmp_path / "told").open("w") as file:
        monkeypatch.setattr(sys, "stdout", file)
        assert bar_console().is_terminal


def test_a_program_without_stdout_has_bars(monkeypatch):
    monkeypatch.setattr(sys, "stderr", Terminal())
    monkeypatch.setattr(sys, "stdout", None)

    assert bar_console().is_terminal


def test_no_line_can_come_into_a_bar_from_the_other_end_of_a_pipe(monkeypatch, piped):
    monkeypatch.setattr(sys, "stderr", Terminal())
    piped()

    assert not bar_console().is_terminal
