"""`dvc.yaml` against the project: files, keys and commands that it names exist."""

import importlib.util
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import grimp
import pytest
import yaml

from {{ cookiecutter.package_name }}.cli._compose import compose

ROOT = Path(__file__).resolve().parents[2]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
CHOICES = yaml.safe_load((ROOT / "params.yaml").read_text(encoding="utf-8"))


def resolved(text: str) -> str:
    """With the values of params.yaml in the place of references, as DVC reads it."""
    return re.sub(r"\$\{(\w+)\}", lambda found: CHOICES[found.group(1)], text)


PACKAGE = "{{ cookiecutter.package_name }}"
PIPELINE = yaml.safe_load(resolved((ROOT / "dvc.yaml").read_text(encoding="utf-8")))
STAGES = PIPELINE["stages"]
OUTPUTS = {
    path
    for stage in STAGES.values()
    for out in stage["outs"]
    for path in ([out] if isinstance(out, str) else out)
}


def made_by_a_stage(path: str) -> bool:
    return any(Path(path).is_relative_to(out) for out in OUTPUTS)


def tracked_values(stage: dict) -> Iterator[tuple[str, str]]:
    """File and dotted key of each value that a stage depends on; the key is empty for all."""
    for entry in stage.get("params", []):
        for file, keys in entry.items():
            yield from ((file, key) for key in keys or [""])


@pytest.mark.parametrize("name", STAGES)
def test_every_input_of_a_stage_exists(name):
    missing = [
        path
        for path in STAGES[name]["deps"]
        if not (ROOT / path).exists() and not made_by_a_stage(path)
    ]

    assert missing == []


@pytest.mark.parametrize("name", STAGES)
def test_every_value_that_a_stage_depends_on_exists(name):
    for file, dotted in tracked_values(STAGES[name]):
        value = yaml.safe_load((ROOT / file).read_text(encoding="utf-8"))
        for key in filter(None, dotted.split(".")):
            assert key in value, f"{file} has no {dotted}"
            value = value[key]


def command_of(name: str) -> tuple[str, list[str]]:
    """The command and its arguments; `python -m` where the name alone is one of the shell's own."""
    program, *arguments = STAGES[name]["cmd"].split()
    if (program, arguments[0]) == ("python", "-m"):
        return arguments[1].rpartition(".")[2], arguments[2:]
    return program, arguments


@pytest.mark.parametrize("name", STAGES)
def test_every_stage_is_one_command_of_the_project(name):
    command, arguments = command_of(name)

    assert command == name
    assert command in PYPROJECT["project"]["scripts"]
    assert not {"&&", ";", "|"} & set(arguments)


TALKS = {
    "cli._arguments",
    "cli._draft",
    "cli._entry",
    "cli._help",
    "cli._steps",
    "cli._table",
    "integrations.asking",
    "integrations.child",
    "integrations.mlflow_client",
    "integrations.mlflow_tracker",
    "integrations.model_store",
    "integrations.registry",
    "integrations.released",
    "integrations.replies",
    "integrations.stores",
    "integrations.versions",
    "logging.lines",
    "logging.setup",
}
"""What asks, tells, fetches and records, but decides nothing of what a stage writes. The stages
have their models in files, and look up none in a registry."""


def is_input(file: str, stage: dict) -> bool:
    return any(Path(file).is_relative_to(path) for path in stage["deps"])


@pytest.mark.parametrize("name", STAGES)
def test_a_stage_depends_on_all_code_that_its_command_imports(name):
    graph = grimp.build_graph(PACKAGE, exclude_type_checking_imports=True, cache_dir=None)
    command = f"{PACKAGE}.cli.{command_of(name)[0]}"
    imported = {command, *graph.find_upstream_modules(command)} - {f"{PACKAGE}.{m}" for m in TALKS}
    modules = {module: f"src/{module.replace('.', '/')}" for module in imported - {PACKAGE}}

    missing = {
        module
        for module, path in modules.items()
        if not is_input(f"{path}.py", STAGES[name]) and not is_input(path, STAGES[name])
    }

    assert missing == set()


@pytest.mark.parametrize("name", ["prepare", "train"])
def test_the_choices_of_a_stage_compose(name):
    config = compose(command_of(name)[1])

    assert config.data.name == CHOICES["data"]


def test_a_training_depends_on_every_file_that_its_configuration_is_made_of():
    read = {file for file, _ in tracked_values(STAGES["train"])}
    chosen = {f"config/{group}/{name}.yaml" for group, name in CHOICES.items()}
    defaults = yaml.safe_load((ROOT / "config/config.yaml").read_text(encoding="utf-8"))["defaults"]
    groups = [entry for entry in defaults if isinstance(entry, dict)]
    others = {
        f"config/{group}/{name}.yaml"
        for entry in groups
        for group, name in entry.items()
        if name and group not in CHOICES and not group.startswith("override ")
    }

    assert read >= chosen | others | {"config/config.yaml", "config/experiment/repro.yaml"}


def test_metrics_and_plots_are_files_that_stages_make():
    named = [*PIPELINE["metrics"]]
    for plot in PIPELINE["plots"]:
        named += [plot] if isinstance(plot, str) else [f for p in plot.values() for f in p["y"]]

    assert [file for file in named if not made_by_a_stage(file)] == []


@pytest.fixture
def tool():
    """`tools/dvc.py`, which is a program and no part of the package."""
    spec = importlib.util.spec_from_file_location("tools_dvc", ROOT / "tools" / "dvc.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_an_installed_dvc_is_taken(tool, monkeypatch):
    monkeypatch.setattr(tool.shutil, "which", {"dvc": "/opt/dvc", "uv": "/opt/uv"}.get)

    assert tool.command() == ["/opt/dvc"]


def test_else_uv_fetches_the_one_that_the_project_asks_for(tool, monkeypatch):
    monkeypatch.setattr(tool.shutil, "which", {"uv": "/opt/uv"}.get)
    wanted = PYPROJECT["tool"]["bootstrap"]["dvc"]["requirement"]

    fetched = ["/opt/uv", "tool", "run", "--quiet", "--from", wanted]
    assert tool.command() == [*fetched, "python", "-c", tool.START]


def test_without_both_the_way_out_is_told(tool, monkeypatch, capsys):
    monkeypatch.setattr(tool.shutil, "which", {}.get)

    assert tool.main(["repro"]) == 2
    assert "neither dvc nor uv is installed" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("typed", "given"),
    [
        ("-S model=cnn", "-S model=cnn"),
        ("-S model.optimizer.lr=1", "-S config/experiment/repro.yaml:++model.optimizer.lr=1"),
        ("--set-param=seed=1,2", "--set-param=config/experiment/repro.yaml:++seed=1,2"),
        ("--set-param +model.a=1", "--set-param config/experiment/repro.yaml:+model.a=1"),
        ("-S config/gate.yaml:task=1", "-S config/gate.yaml:task=1"),
        ("--queue --name model.a=1", "--queue --name model.a=1"),
    ],
)
def test_values_are_set_where_the_stages_read_them(tool, typed, given):
    assert tool.placed(["exp", "run", *typed.split()]) == ["exp", "run", *given.split()]


def test_stages_find_the_commands_of_the_python_that_runs_dvc(tool):
    first, _, _ = tool.environment()["PATH"].partition(tool.os.pathsep)

    assert Path(first) == Path(sys.executable).parent
