"""Every combination of answers gives a clean project; `--all` takes the product of everything.

They are rendered without cookiecutter, which would take an hour; a sample of real bakes shows that
this makes no difference.
"""

import functools
import tomllib
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import combinations
import pytest
from renderer import Template, pruned
from survey import Survey

pytestmark = pytest.mark.render
# Made by the hooks, not rendered.
MADE = (".cruft.json",)


@pytest.fixture(scope="module")
def renderer(template: Path) -> Template:
    """This template."""
    return Template(template)


@pytest.fixture(scope="module")
def rows(request: pytest.FixtureRequest, questions: dict[str, Any]) -> list[dict[str, str]]:
    """The combinations of this run."""
    axes = combinations.choices(questions)
    if request.config.getoption("--all"):
        return combinations.full_product(axes)
    return combinations.every_structure(axes, combinations.structural(questions))


def test_every_combination_is_clean(
    renderer: Template, rows: list[dict[str, str]], post_gen: ModuleType, tmp_path: Path
) -> None:
    survey = Survey(renderer, post_gen.unwanted_paths)
    for row in rows:
        survey.visit(row)

    faults = [f"{fault} ({name})" for fault, name in survey.judge(tmp_path).items()]

    assert faults == [], "\n".join(faults)
    print(f"{survey.visited} combinations rendered and checked")


def test_every_choice_takes_effect(
    renderer: Template, rows: list[dict[str, str]], template: Path
) -> None:
    licences = {
        path.name: path.read_text("utf-8") for path in (template / "templates/licenses").iterdir()
    }
    parsed = functools.cache(tomllib.loads)
    for row in rows:
        files = {file.path: file.text for file in renderer.files(renderer.answers(row))}
        document = parsed(files["pyproject.toml"])
        licence = document["project"]["license"].removeprefix("LicenseRef-")
        indexes = [index["name"] for index in document["tool"]["uv"].get("index", [])]
        build = row["torch_build"]

        assert licence == row["license"]
        assert files["LICENSE"] == licences[licence].replace(
            "{{ cookiecutter.organization }}", "Your Name"
        )
        assert document["project"]["requires-python"] == f">={row['python_version']}"
        assert files[".python-version"].strip() == row["python_version"]
        assert indexes == ([] if build == "pypi" else [f"pytorch-{build}"])


def test_real_bakes_give_the_same_files_byte_for_byte(
    renderer: Template,
    questions: dict[str, Any],
    post_gen: ModuleType,
    bake_into: Callable[..., Any],
    tmp_path: Path,
) -> None:
    for number, row in enumerate(combinations.all_pairs(combinations.choices(questions))):
        answers = renderer.answers(row)
        unwanted = post_gen.unwanted_paths(answers["__features"], answers)
        expected = {file.path: file.data for file in pruned(renderer.files(answers), unwanted)}

        project = bake_into(tmp_path / str(number), git=False, **row)

        made = {path: (project.folder / path).read_bytes() for path in project.files() - {*MADE}}
        assert {
            path for path in made.keys() | expected if made.get(path) != expected.get(path)
        } == set()
        assert [folder for folder in project.folder.rglob("*") if is_empty(folder)] == []


def is_empty(folder: Path) -> bool:
    return folder.is_dir() and not any(folder.iterdir())
