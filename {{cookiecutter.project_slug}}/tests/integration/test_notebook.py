"""The worked notebook runs from top to bottom, in a process of its own, without Jupyter."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOK = ROOT / "notebooks" / "explore.ipynb"


def code_cells() -> list[str]:
    cells = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
    return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]


@pytest.fixture(scope="module")
def prepared_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project folder in which the digits are prepared; not to be changed by a test."""
    folder = tmp_path_factory.mktemp("project")
    shutil.copytree(ROOT / "config", folder / "config")
    run(folder, "-m", "{{ cookiecutter.package_name }}.cli.prepare", "data=digits")
    return folder


def run(folder: Path, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env={**os.environ, "PROJECT_ROOT": str(folder)},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture
def digits_project(prepared_once: Path, tmp_path: Path) -> Path:
    """A project folder of the test's own, in which the digits are prepared."""
    return shutil.copytree(prepared_once, tmp_path / "project")


@pytest.fixture
def run_notebook(digits_project: Path) -> Callable[[], str]:
    """Runs the cells one after the other and gives what they printed."""

    def as_script() -> str:
        script = digits_project / "explore.py"
        script.write_text("\n\n".join(code_cells()), encoding="utf-8")
        return run(digits_project, str(script))

    return as_script


def test_the_notebook_is_stored_without_outputs() -> None:
    cells = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
    code = [cell for cell in cells if cell["cell_type"] == "code"]

    assert all(cell["outputs"] == [] and cell["execution_count"] is None for cell in code)


@pytest.mark.slow
def test_the_notebook_shows_the_data_before_any_training(run_notebook: Callable[[], str]) -> None:
    printed = run_notebook()

    assert "1797 rows of sklearn.datasets.load_digits" in printed
    assert "There is no model of this data yet" in printed


@pytest.mark.slow
def test_the_notebook_shows_what_a_trained_model_gets_wrong(
    digits_project: Path, run_notebook: Callable[[], str]
) -> None:
    run(
        digits_project,
        "-m",
        "{{ cookiecutter.package_name }}.cli.train",
        "model=baseline",
        "mlflow.enabled=false",
    )

    printed = run_notebook()

    assert "baseline, trained in" in printed
    assert "validation rows are wrong" in printed
    assert "taken for" in printed
