"""cruft by itself with the projects of this template."""

import cruft
import pytest
from released import CHANGED
from repositories import Repository

pytestmark = pytest.mark.usefixtures("surroundings_of_a_user")


def test_cruft_knows_of_which_version_a_plain_project_is(project: Repository) -> None:
    assert cruft.check(project_dir=project.folder, checkout="v0.1.0")
    assert not cruft.check(project_dir=project.folder)


def test_cruft_shows_what_differs_from_the_template(
    project: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cruft.diff(project_dir=project.folder, exit_code=True), capsys.readouterr().out

    project.write(CHANGED, project.text(CHANGED) + "\nAsk Ada first.\n")

    assert not cruft.diff(project_dir=project.folder, exit_code=True)
    assert "Ask Ada first." in capsys.readouterr().out


def test_an_update_gives_the_project_that_the_newer_template_makes(
    project: Repository, newer: Repository
) -> None:
    assert cruft.update(project_dir=project.folder, checkout="v0.2.0", skip_apply_ask=True)

    assert project.files() == newer.files()
    assert project.record()["context"]["cookiecutter"]["team"] == "of Your Name"
    assert cruft.check(project_dir=project.folder)
