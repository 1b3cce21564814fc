from pathlib import Path

import pytest

from {{ cookiecutter.package_name }}.integrations.asking import NoReply, ask


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))

    def of(program: str) -> str:
        (tmp_path / "asked.py").write_text(program)
        return "asked"

    return of


def test_the_last_line_of_json_is_the_answer(module):
    program = "import sys\nprint('{}')\nprint('{\"got\": \"' + sys.argv[1] + '\"}')\nprint('bye')"

    assert ask(module(program), "one", seconds=20) == {"got": "one"}


@pytest.mark.parametrize(
    ("program", "why"),
    [
        ("raise SystemExit('no model')", "no model"),
        ("print('{}'); raise SystemExit(3)", "exit code 3"),
        ("print('nothing to say')", "exit code 0"),
    ],
)
def test_without_an_answer_the_last_words_say_why(module, program, why):
    with pytest.raises(NoReply, match=why):
        ask(module(program), seconds=20)


def test_it_is_not_waited_for_for_ever(module):
    with pytest.raises(NoReply, match="no answer in 0 s"):
        ask(module("import time; time.sleep(20)"), seconds=0.2)
