"""Making a project over again: in its folder, and from the answers that cookiecutter kept."""

from pathlib import Path

import pytest
from cookiecutter.main import cookiecutter
from released import CHANGED, MANIFEST, baked, edited
from repositories import Repository

pytestmark = pytest.mark.usefixtures("surroundings_of_a_user")


def test_making_a_project_over_again_restores_what_is_the_templates_and_nothing_else(
    releases: Repository, project: Repository
) -> None:
    before, commits = project.files(), project.git("rev-list", "--count", "HEAD")
    edited(project)

    baked(releases, "v0.1.0", project.folder.parent, overwrite_if_exists=True)

    assert project.files() == {**before, "src/churn/ours.py": b"OURS = 42\n"}
    assert int(project.git("rev-list", "--count", "HEAD")) == int(commits) + 1, "the user's own"
    assert project.record()["checkout"] == "v0.1.0"


def test_making_a_project_over_again_can_leave_its_files_alone(
    releases: Repository, project: Repository
) -> None:
    edited(project)
    mine = project.text(CHANGED)

    baked(
        releases,
        "v0.1.0",
        project.folder.parent,
        overwrite_if_exists=True,
        skip_if_file_exists=True,
    )

    assert project.text(CHANGED) == mine


def test_replayed_answers_give_the_same_project(releases: Repository, tmp_path: Path) -> None:
    answers = {"project_slug": "churn", "use_planted": True, "organization": "Acme"}
    folders = [str(tmp_path / name) for name in ("first", "second")]
    source = str(releases.folder)

    first = cookiecutter(source, no_input=True, extra_context=answers, output_dir=folders[0])
    again = cookiecutter(source, replay=True, output_dir=folders[1])

    assert (Path(again) / MANIFEST[0]).exists()
    assert Repository(Path(again)).files() == Repository(Path(first)).files()
