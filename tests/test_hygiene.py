"""The template repository as a repository."""

import tomllib
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from repositories import git


def committed_here(template: Path) -> list[str]:
    listed = git(template, "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    return [path for path in listed.split("\0") if path and (template / path).is_file()]


def test_the_first_commit_holds_every_file(default_project: Any, tmp_path: Path) -> None:
    git(tmp_path, "clone", "--quiet", str(default_project.folder), "clone")

    clone = tmp_path / "clone"
    cloned = {p.relative_to(clone).as_posix() for p in clone.rglob("*") if p.is_file()}
    assert {p for p in cloned if not p.startswith(".git/")} == default_project.files()


def test_the_template_version_has_one_value(template: Path, questions: dict[str, Any]) -> None:
    version = tomllib.loads((template / "pyproject.toml").read_text("utf-8"))["project"]["version"]

    assert questions["__template_version"] == version
    assert f"## [{version}]" in (template / "CHANGELOG.md").read_text("utf-8")


def test_every_question_has_a_prompt_and_every_choice_a_label(questions: dict[str, Any]) -> None:
    prompts = questions["__prompts__"]
    asked = {question: default for question, default in questions.items() if question[0] != "_"}

    assert set(prompts) == set(asked)
    for question, default in asked.items():
        if isinstance(default, list):
            assert set(prompts[question]) == {"__prompt__", *default}


def test_every_question_is_a_heading_of_the_guide(
    template: Path, questions: dict[str, Any]
) -> None:
    lines = (template / "TEMPLATE_GUIDE.md").read_text("utf-8").splitlines()
    headings = "\n".join(line for line in lines if line.startswith("#"))

    missing = [q for q in questions if q[0] != "_" and f"`{q}`" not in headings]

    assert missing == []


def test_every_licence_has_its_full_text(template: Path, questions: dict[str, Any]) -> None:
    texts = {
        path.name: path.read_text("utf-8") for path in (template / "templates/licenses").iterdir()
    }

    assert set(texts) == set(questions["license"])
    assert "GNU AFFERO GENERAL PUBLIC LICENSE" in texts["AGPL-3.0-or-later"]
    assert "END OF TERMS AND CONDITIONS" in texts["GPL-3.0-or-later"]
    assert texts["AGPL-3.0-or-later"] == (template / "LICENSE").read_text("utf-8")


def test_file_names_of_the_template_can_be_checked_out_on_windows(
    template: Path, rendered: ModuleType
) -> None:
    assert list(rendered.faults_of_names(committed_here(template))) == []


def test_no_file_of_the_template_names_a_place_on_the_machine_it_was_written_on(
    template: Path,
) -> None:
    places = (str(template), str(Path.home()) + "/")
    if len(template.parts) < 3:
        pytest.skip("a repository at the root of the disk has a path too short to search for")

    found = [
        path
        for path in committed_here(template)
        if any(place.encode() in (template / path).read_bytes() for place in places)
    ]

    assert found == []


def test_the_manifest_names_only_questions_that_exist(questions: dict[str, Any]) -> None:
    for feature in questions["__features"]:
        for condition in feature.split(" and "):
            question, _, choices = condition.partition("=")

            assert question in questions
            assert not choices or set(choices.split("|")) <= set(questions[question])


def test_python_of_the_template_stays_readable(template: Path) -> None:
    own = [
        path
        for path in committed_here(template)
        if path.endswith(".py") and not path.startswith("{")
    ]

    long = {p: n for p in own if (n := (template / p).read_text("utf-8").count("\n")) > 230}

    assert long == {}


@pytest.mark.parametrize("features", [{"use_ui": ["justfile"]}, {"use_ui": []}])
def test_a_manifest_survives_rendering(
    template: Path,
    tmp_path: Path,
    bake_copy: Callable[[dict[str, Any], Path], Any],
    features: dict[str, Any],
) -> None:
    project = bake_copy({"use_ui": False, "__features": features}, tmp_path)

    assert ("justfile" in project.files()) == (features["use_ui"] == [])
