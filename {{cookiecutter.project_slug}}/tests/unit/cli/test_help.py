import subprocess
import sys

import pytest

from {{ cookiecutter.package_name }}.cli import _help
from {{ cookiecutter.package_name }}.cli.pipeline import main as pipeline
from {{ cookiecutter.package_name }}.utils.paths import config_dir

HEAVY = {"hydra", "omegaconf", "torch", "lightning", "mlflow", "numpy", "pyarrow", "pandas"}


def test_help_lists_every_group_with_its_choices(project):
    (project / "config" / "model" / "forest.yaml").touch()
    (project / "config" / "empty").mkdir()

    lines = _help.text("train", "Train.", ["train model=cnn"]).splitlines()

    assert "usage: train [KEY=VALUE ...]" in lines
    assert "  model       baseline, cnn, forest, mlp" in lines
    assert "  train model=cnn" in lines
    assert not any(line.startswith("  empty") for line in lines)


def test_help_leaves_out_no_choice_of_this_project():
    text = _help.text("train", "Train.", [])

    for folder in config_dir().iterdir():
        names = sorted(file.stem for file in folder.glob("*.yaml")) if folder.is_dir() else []
        assert not names or f"  {folder.name:<11} {', '.join(names)}\n" in text


@pytest.mark.parametrize(
    ("arguments", "asked"),
    [(["-h"], True), (["model=cnn", "--help"], True), (["model=cnn"], False), ([], False)],
)
def test_help_may_be_asked_for_anywhere(arguments, asked):
    assert _help.asked_for(arguments) is asked


@pytest.mark.parametrize("verb", ["pipeline", "prepare", "train"])
def test_help_is_printed_without_a_heavy_import(verb):
    program = (
        f"import sys; from {{ cookiecutter.package_name }}.cli.{verb} import main\n"
        "code = main(['--help']); print(*sys.modules, file=sys.stderr); sys.exit(code)"
    )

    child = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)

    assert child.returncode == 0
    assert child.stdout.startswith(f"usage: {verb} ")
    assert HEAVY.isdisjoint(child.stderr.split())


def test_help_outside_a_project_is_a_sentence(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("PROJECT_ROOT", str(tmp_path))

    assert pipeline(["--help"]) == 2
    assert capsys.readouterr().err.startswith(f"error: There is no folder '{tmp_path / 'config'}'")
