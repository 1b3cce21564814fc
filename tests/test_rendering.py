"""Whatever is answered, what falls out of the template is clean."""

import re
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

RUFF = (sys.executable, "-m", "ruff")
NAMES = [
    ("default", {}),
    ("shortest", {"project_slug": "ab", "package_name": "ab"}),
    ("longest", {"project_slug": "a" * 50, "package_name": "p" * 30}),
]


def faults(project: Any, rendered: ModuleType) -> list[str]:
    paths = project.files()
    found = list(rendered.faults_of_names(sorted(paths)))
    for path in sorted(project.texts()):
        found.extend(rendered.faults_of_text(path, project.text(path)))
    return found


@pytest.fixture(params=NAMES, ids=[name for name, _ in NAMES])
def named_project(request: pytest.FixtureRequest, bake: Callable[..., Any]) -> Any:
    return bake(git=False, **request.param[1])


def test_every_file_is_rendered_and_parses(named_project: Any, rendered: ModuleType) -> None:
    assert faults(named_project, rendered) == []


def test_the_project_is_born_linted_and_formatted(named_project: Any) -> None:
    named_project.run(*RUFF, "check", "--no-cache", ".")
    named_project.run(*RUFF, "format", "--no-cache", "--check", ".")


def test_hostile_names_do_not_break_any_file(
    bake: Callable[..., Any], rendered: ModuleType
) -> None:
    hostile = "a: \"b\" - [c] 'd' \\ #e 🐍"
    texts = dict.fromkeys(["project_name", "description", "author_name", "organization"], hostile)

    project = bake(git=False, project_slug="churn", package_name="churn", **texts)

    assert faults(project, rendered) == []
    project.run(*RUFF, "check", "--no-cache", ".")


def test_no_question_is_left_unanswered_in_any_file(
    default_project: Any, questions: dict[str, Any]
) -> None:
    names = "|".join(re.escape(question) for question in questions)
    left = re.compile(rf"cookiecutter\.({names})\b")

    found = {path for path in default_project.texts() if left.search(default_project.text(path))}

    # The tests of the project's own upgrades make small templates.
    assert {path for path in found if not path.startswith("tests/unit/tools/")} == set()


def test_nothing_of_the_machine_that_baked_it_is_in_the_project(
    default_project: Any, template: Path
) -> None:
    places = (str(template), str(Path.home()) + "/", str(default_project.folder))

    found = {
        (path, place)
        for path in default_project.texts() - {".cruft.json"}  # it says where the template is
        for place in places
        if place in default_project.text(path)
    }

    assert found == set()


def test_files_do_not_grow_beyond_what_is_read_in_one_sitting(default_project: Any) -> None:
    long = {
        path: lines
        for path in default_project.files()
        if path.endswith(".py") and (lines := default_project.text(path).count("\n")) > 250
    }

    assert long == {}


def test_baking_twice_gives_the_same_bytes(bake: Callable[..., Any], default_project: Any) -> None:
    again = bake(git=False)

    assert {path: again.data(path) for path in again.files()} == {
        path: default_project.data(path) for path in default_project.files()
    }


@pytest.mark.parametrize(
    ("path", "text", "fault"),
    [
        ("a.yml", "x: ${{ github.sha }} {{cookiecutter.x}}\n", "template syntax left"),
        ("a.md", "see {{ x }}\n", "template syntax left"),
        ("a.md", "{% if x %}\n", "template syntax left"),
        ("a.py", "def f(:\n", "does not parse"),
        ("a.toml", "a = \n", "does not parse"),
        ("a.yaml", "a: [\n", "does not parse"),
        ("a.json", "{,}\n", "does not parse"),
        ("a.txt", "no newline", "does not end with a newline"),
    ],
)
def test_planted_faults_of_a_file_are_seen(
    rendered: ModuleType, path: str, text: str, fault: str
) -> None:
    assert any(fault in found for found in rendered.faults_of_text(path, text))


@pytest.mark.parametrize("path", ["a/nul.txt", "a:b", "a./b", "x" * 181, "CON"])
def test_names_that_windows_refuses_are_seen(rendered: ModuleType, path: str) -> None:
    assert list(rendered.faults_of_names([path])) != []


def test_names_that_differ_only_in_case_are_seen(rendered: ModuleType) -> None:
    assert list(rendered.faults_of_names(["readme.md", "README.md"])) != []
