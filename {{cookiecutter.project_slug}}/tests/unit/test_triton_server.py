"""The real server may be left out where it cannot run, and nowhere else."""

import platform
import sys

import pytest
from triton_server import leave_out


@pytest.mark.parametrize(
    ("system", "variables", "outcome"),
    [
        ("linux", {"CI": "true"}, pytest.fail.Exception),
        ("darwin", {"CI": "true"}, pytest.skip.Exception),
        ("linux", {}, pytest.skip.Exception),
    ],
)
def test_ci_does_not_pass_for_want_of_a_server(monkeypatch, system, variables, outcome):
    monkeypatch.setattr(sys, "platform", system)
    monkeypatch.setattr(platform, "machine", lambda: "x86_64")
    monkeypatch.delenv("CI", raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)

    with pytest.raises(outcome, match="no uv here"):
        leave_out("no uv here")
