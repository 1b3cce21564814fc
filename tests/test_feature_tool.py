"""`python tools/template feature` in projects: components are listed, added and removed."""

from typing import Any

import pytest
from released import ADDED
from repositories import Repository

pytestmark = pytest.mark.usefixtures("surroundings_of_a_user")


def test_components_are_listed_with_what_is_on(newer: Repository) -> None:
    done = newer.tool("feature")

    rows = {tuple(line.split()) for line in done.stdout.splitlines()}
    assert ("off", "planted", "use_planted") in rows
    assert ("on", "dvc", "use_dvc") in rows
    assert ("on", "streamlit", "dashboard=streamlit") in rows
    assert ("off", "s3", "dataset_storage=s3") in rows


def test_a_component_is_added_later_and_removed_again(newer: Repository) -> None:
    before, recorded = newer.files(), newer.record()

    added = newer.tool("feature", "add", "planted", "team=Vega", "--no-check")

    assert (added.returncode, added.stderr) == (0, "")
    assert "use_planted: False -> True\n" in added.stdout
    assert newer.text("config/planted.yaml") == "planted: true\n"
    assert newer.text("tools/planted/two.txt") == "planted: true\n"
    assert newer.text(ADDED) == "# The team Vega\n"
    assert newer.record()["commit"] == recorded["commit"]
    newer.commit()

    removed = newer.tool("feature", "remove", "planted", "team=of Your Name", "--no-check")

    assert (removed.returncode, removed.stderr) == (0, "")
    assert newer.files() == before
    assert not (newer.folder / "tools/planted").exists()
    assert newer.record()["context"] == recorded["context"]


def test_a_component_of_the_template_itself_goes_and_comes_back(
    project: Repository, questions: dict[str, Any]
) -> None:
    before = project.files()
    listed = questions["__features"]["use_dvc"]
    owned = [path.replace("{{ cookiecutter.package_name }}", "churn") for path in listed]
    assert owned
    assert all((project.folder / path).exists() for path in owned)

    removed = project.tool("feature", "remove", "dvc", "--no-check")
    assert (removed.returncode, removed.stderr) == (0, "")
    assert not any((project.folder / path).exists() for path in owned)
    project.commit()

    added = project.tool("feature", "add", "dvc", "--no-check")
    assert (added.returncode, added.stderr) == (0, "")
    assert project.files() == before


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("add", "magic"), "there is no component 'magic' here; known are: "),
        (("remove", "github"), "so github cannot just go; add another instead: woodpecker."),
        (("add", "triton", "colour=red"), "the template does not ask 'colour'; it asks: "),
        (("add", "triton", "cloud=azure"), "cloud cannot be 'azure'; choices are: none, "),
        (("add", "triton", "author_email=nobody"), "author_email 'nobody' must look like "),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(
    project: Repository, arguments: tuple[str, ...], sentence: str
) -> None:
    done = project.tool("feature", *arguments, "--no-check")

    assert done.returncode == 1
    assert sentence in done.stderr
    assert project.git("status", "--porcelain") == ""
