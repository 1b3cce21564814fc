"""`tools/upgrade.py`: projects of earlier releases take the working tree."""

import shutil
import sys
from pathlib import Path
from typing import Any

import pytest
from released import CHANGED, FIRST_LINE, INNER, NEW_LINE, copied
from repositories import Repository

pytestmark = pytest.mark.usefixtures("surroundings_of_a_user")


@pytest.fixture
def repository(template: Path, tmp_path: Path) -> Repository:
    """A template with one release, one preset, and changes that are not committed."""
    made = copied(template, tmp_path / "template")
    made.git("tag", "--delete", "v0.1.0")
    shutil.copytree(template / "presets", made.folder / "presets")
    for preset in (made.folder / "presets").glob("*.yaml"):
        if preset.stem != "minimal":
            preset.unlink()
    made.commit()
    return made


def test_without_a_release_there_is_nothing_to_upgrade(
    upgrade: Any, repository: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    assert upgrade.main([], repository.folder) == 0
    assert capsys.readouterr().out == "There is no earlier release to upgrade from.\n"


@pytest.mark.parametrize(
    ("tags", "options", "told"),
    [
        (["v0.1.0"], ["--preset", "nosuch"], "there is no preset 'nosuch'; those known: minimal."),
        (["v0.1.0"], ["--release", "nosuch"], "there is no release 'nosuch'; those known: v0.1.0."),
        ([], ["--preset", "nosuch"], "there is no preset 'nosuch'; those known: minimal."),
        ([], ["--release", "v0.1.0"], "there is no release 'v0.1.0'; those known: none."),
    ],
)
def test_an_option_that_matches_nothing_is_refused(
    upgrade: Any,
    repository: Repository,
    capsys: pytest.CaptureFixture[str],
    tags: list[str],
    options: list[str],
    told: str,
) -> None:
    for tag in tags:
        repository.git("tag", tag)

    assert upgrade.main(options, repository.folder) == 2

    said = capsys.readouterr()
    assert (said.out, said.err) == ("", f"error: {told}\n")


@pytest.mark.parametrize(
    ("versions", "code", "told"),
    [
        (["0.1.0"], 0, ""),
        (["0.2.0", "0.1.0"], 0, ""),  # the current one is not released yet, as here
        (["0.1.0", "0.0.10", "0.0.9"], 2, "error: the tags are missing: git fetch --tags"),
    ],
)
def test_a_clone_without_the_tags_of_its_releases_is_told(
    upgrade: Any,
    repository: Repository,
    capsys: pytest.CaptureFixture[str],
    versions: list[str],
    code: int,
    told: str,
) -> None:
    changes = "".join(f"## [{version}] - 2026-01-01\n\n" for version in versions)
    repository.write("CHANGELOG.md", f"# Changelog\n\n## [Unreleased]\n\n{changes}")

    assert upgrade.main([], repository.folder) == code

    assert capsys.readouterr().err.startswith(told)


def says(text: str) -> tuple[str, ...]:
    """A check that fails where CONTRIBUTING.md does not begin like this."""
    code = f"import sys, pathlib; sys.exit({text!r} not in pathlib.Path({CHANGED!r}).read_text())"
    return ("--", sys.executable, "-c", code)


def test_a_project_of_each_release_and_preset_takes_the_working_tree(
    upgrade: Any, repository: Repository, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    repository.git("tag", "v0.1.0")
    changed = repository.text(f"{INNER}/{CHANGED}").replace(FIRST_LINE, NEW_LINE)
    repository.write(f"{INNER}/{CHANGED}", changed)

    folder = tmp_path / "kept"
    code = upgrade.main(["--folder", str(folder), *says(NEW_LINE)], repository.folder)

    said = capsys.readouterr()
    assert (code, said.err) == (0, "")
    assert said.out == "v0.1.0 minimal: upgraded, and its checks pass\n"
    project = Repository(folder / "v0.1.0" / "minimal" / "project" / "my-ml-project")
    assert project.text("README.md").endswith("What only this team knows.\n")
    assert 'version = "0.7.3"' in project.text("pyproject.toml")
    assert project.record()["context"]["cookiecutter"]["dashboard"] == "none"
    assert repository.git("status", "--porcelain").split() == ["M", f"{INNER}/{CHANGED}"]


def test_an_upgrade_that_ends_in_a_conflict_or_a_failing_check_is_told(
    upgrade: Any, repository: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    repository.git("tag", "v0.1.0")

    assert upgrade.main([*says("no such text")], repository.folder) == 1
    assert f"v0.1.0 minimal: {sys.executable} -c " in capsys.readouterr().err

    readme = repository.text(f"{INNER}/README.md")
    repository.write(f"{INNER}/README.md", readme + "\n## What the template adds\n")

    assert upgrade.main([*says("")], repository.folder) == 1
    assert "README.md: your lines are after <<<<<<< ours" in capsys.readouterr().err
