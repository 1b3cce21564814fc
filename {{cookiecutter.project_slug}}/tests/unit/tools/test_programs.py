"""The two tools that run git shield it from the same variables of the caller."""

from pathlib import Path

TOOLS = Path(__file__).resolve().parents[3] / "tools"


def test_both_tools_leave_out_the_same_variables_of_git(module, monkeypatch):
    monkeypatch.syspath_prepend(TOOLS / "bootstrap")

    known = module("shell").REPOSITORY_VARIABLES

    assert known == module("programs").REPOSITORY_VARIABLES
    assert "GIT_ALTERNATE_OBJECT_DIRECTORIES" in known
