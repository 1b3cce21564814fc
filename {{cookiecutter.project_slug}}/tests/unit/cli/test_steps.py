import io

import pytest
from rich.console import Console

from {{ cookiecutter.package_name }}.cli._steps import Steps
from {{ cookiecutter.package_name }}.data.reading import Progress


@pytest.fixture
def shown():
    """Steps on a terminal, and what it was sent."""
    stream = io.StringIO()
    steps = Steps(Console(file=stream, force_terminal=True, width=100))
    yield steps, stream
    steps.stop()


def test_a_terminal_sees_how_far_a_step_is(shown):
    steps, stream = shown

    steps.hear(Progress("checking", 0.25, 12_345))
    steps.stop()

    assert "checking" in stream.getvalue()
    assert "25%" in stream.getvalue()
    assert "12,345 rows" in stream.getvalue()


def test_each_step_has_a_bar_of_its_own(shown):
    steps, stream = shown

    for step in ("checking", "checking again", "writing"):
        steps.hear(Progress(step, 1.0, 10))
    steps.stop()

    assert "checking again" in stream.getvalue()
    assert "writing" in stream.getvalue()


def test_lines_go_to_stdout_even_while_a_bar_is_shown(shown, capsys):
    steps, stream = shown

    steps.hear(Progress("checking", 0.5, 10))
    print("a line of somebody else")
    steps.tell("note: something")

    assert capsys.readouterr().out == "a line of somebody else\nnote: something\n"
    assert "note" not in stream.getvalue()


def test_what_is_no_terminal_gets_no_bar():
    stream = io.StringIO()
    steps = Steps(Console(file=stream))

    steps.hear(Progress("checking", 0.5, 10))
    steps.stop()

    assert stream.getvalue() == ""
