"""The answer files for `cookiecutter --config-file`."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import combinations
import pytest
import yaml
from cookiecutter.main import cookiecutter

NAMES = ["full", "minimal", "standard"]


def answers(template: Path, name: str) -> dict[str, Any]:
    document = yaml.safe_load((template / "presets" / f"{name}.yaml").read_text("utf-8"))
    assert set(document) == {"default_context"}
    found: dict[str, Any] = document["default_context"]
    return found


def structural(questions: dict[str, Any]) -> set[str]:
    conditions = " and ".join(questions["__features"]).split(" and ")
    return {condition.partition("=")[0] for condition in conditions}


def test_each_preset_says_in_one_line_who_wants_it(template: Path) -> None:
    first = {
        path.stem: path.read_text("utf-8").splitlines()[0]
        for path in (template / "presets").iterdir()
    }

    assert sorted(first) == NAMES
    assert all(line.startswith("# For ") and line.endswith(".") for line in first.values())


@pytest.mark.parametrize("name", NAMES)
def test_a_preset_answers_every_structural_question(
    template: Path, questions: dict[str, Any], name: str
) -> None:
    assert set(answers(template, name)) == structural(questions)


def test_standard_is_what_enter_gives(template: Path, questions: dict[str, Any]) -> None:
    for question, answer in answers(template, "standard").items():
        default = questions[question]
        assert answer == (default[0] if isinstance(default, list) else default), question


def test_minimal_and_full_differ_in_every_component(template: Path) -> None:
    minimal, full = answers(template, "minimal"), answers(template, "full")

    assert [question for question in minimal if minimal[question] == full[question]] == []


@pytest.mark.parametrize("name", NAMES)
def test_a_preset_is_baked_by_the_command_line_option(
    template: Path,
    questions: dict[str, Any],
    name: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("ML_TEMPLATE_SKIP", "all")

    made = cookiecutter(
        str(template),
        no_input=True,
        output_dir=str(tmp_path),
        config_file=str(template / "presets" / f"{name}.yaml"),
    )

    text = (Path(made) / "pyproject.toml").read_text("utf-8")
    extras = set(re.findall(r"^(\w+) = \[", text.partition("[project.scripts]")[0], re.MULTILINE))
    wanted = {"minimal": set(), "standard": {"dashboard"}, "full": {"dashboard", "triton", "s3"}}
    assert extras & {"dashboard", "triton", "s3"} == wanted[name]


def test_booleans_are_understood_from_the_command_line(bake: Callable[..., Any]) -> None:
    for answer, kept in (("yes", True), ("no", False), ("true", True), ("0", False)):
        project = bake(git=False, use_dvc=answer, project_slug=f"churn-{answer}")

        assert ("[tool.bootstrap.dvc]" in project.text("pyproject.toml")) is kept


def test_a_preset_is_the_suite_that_its_session_stands_for(
    template: Path, questions: dict[str, Any]
) -> None:
    spelled = {True: "yes", False: "no"}
    turns = combinations.TAKING_TURNS
    own = [name for name in combinations.structural(questions) if name not in turns]
    labels = {}
    for preset in NAMES:
        given = answers(template, preset)
        labels[preset] = combinations.label(
            {name: spelled.get(given[name], given[name]) for name in own}
        )

    assert labels == combinations.PRESET_SUITES
