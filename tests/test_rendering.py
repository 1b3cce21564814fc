"""Whatever is answered, what falls out of the template is clean."""

import re
import sys
import tomllib
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
    for path in sorted(paths):
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

    found = {path for path in default_project.files() if left.search(default_project.text(path))}

    assert found == set()


def test_nothing_of_the_machine_that_baked_it_is_in_the_project(
    default_project: Any, template: Path
) -> None:
    places = (str(template), str(Path.home()) + "/", str(default_project.folder))

    found = {
        (path, place)
        for path in default_project.files()
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

    assert {path: again.text(path) for path in again.files()} == {
        path: default_project.text(path) for path in default_project.files()
    }


@pytest.mark.render
def test_combinations_of_choices_come_out_clean(
    request: pytest.FixtureRequest,
    bake_into: Callable[..., Any],
    questions: dict[str, Any],
    rendered: ModuleType,
    template: Path,
    tmp_path: Path,
) -> None:
    axes = rendered.choices(questions)
    whole = request.config.getoption("--all")
    rows = rendered.full_product(axes) if whole else rendered.all_pairs(axes)

    for number, answers in enumerate(rows):
        project = bake_into(tmp_path / str(number), git=False, **answers)

        assert faults(project, rendered) == [], answers
        check_choices_took_effect(project, answers, template)
    print(f"{len(rows)} combinations of {', '.join(axes)} rendered and checked")


def check_choices_took_effect(project: Any, answers: dict[str, str], template: Path) -> None:
    document = tomllib.loads(project.text("pyproject.toml"))
    declared = document["project"]["license"].removeprefix("LicenseRef-")
    text = (template / "templates" / "licenses" / declared).read_text("utf-8")
    indexes = [index["name"] for index in document["tool"]["uv"].get("index", [])]

    assert declared == answers["license"]
    assert (
        project.text("LICENSE").splitlines()[0]
        == text.replace("{{ cookiecutter.organization }}", "Your Name").splitlines()[0]
    )
    assert document["project"]["requires-python"] == f">={answers['python_version']}"
    assert project.text(".python-version").strip() == answers["python_version"]
    wanted = [] if answers["torch_build"] == "pypi" else [f"pytorch-{answers['torch_build']}"]
    assert indexes == wanted


def test_any_two_choices_meet_in_the_rendered_combinations(rendered: ModuleType) -> None:
    axes = {"a": ["1", "2", "3"], "b": ["x", "y"], "c": ["yes", "no"]}

    rows = rendered.all_pairs(axes)

    met = set().union(*(rendered.pairs(row) for row in rows))
    assert met == set().union(*(rendered.pairs(row) for row in rendered.full_product(axes)))
    assert len(rows) < 12


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
