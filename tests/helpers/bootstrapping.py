"""`tools/bootstrap` in a project that was just made, one step or several."""

import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

MESSAGE = "Start from ml-project-template 0.1.0"


@pytest.fixture
def fresh_project(bake: Callable[..., Any]) -> Any:
    """Files only, as `cruft create` leaves them."""
    return bake(git=False, project_slug="churn", use_dvc=False)


@pytest.fixture
def bootstrap(monkeypatch: pytest.MonkeyPatch) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs the script; steps that are not asked for are opted out of."""

    def run(project: Any, *steps: str) -> subprocess.CompletedProcess[str]:
        left_out = {"git", "dvc", "lock", "commit"} - set(steps)
        monkeypatch.setenv("ML_TEMPLATE_SKIP", ",".join(left_out))
        return subprocess.run(
            [sys.executable, "tools/bootstrap"],
            cwd=project.folder,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )

    return run


def notes(done: subprocess.CompletedProcess[str]) -> list[str]:
    assert done.stderr == ""
    return [line for line in done.stdout.splitlines() if "ML_TEMPLATE_SKIP" not in line]
