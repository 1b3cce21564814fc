"""`python tools/template upgrade` in projects: what it takes, keeps, names and refuses."""

import subprocess
import sys
from pathlib import Path

import cruft
import pytest
from released import (
    ADDED,
    CHANGED,
    DELETED,
    FIRST_LINE,
    GIVEN_UP,
    INNER,
    MANIFEST,
    NEW_LINE,
    baked,
    copied,
    edited,
    plant,
)
from repositories import Repository

pytestmark = pytest.mark.usefixtures("surroundings_of_a_user")
STAGING = """def stage() -> None:
    for arguments in (["init", "--quiet"], ["add", "--all"]):
        subprocess.run(["git", *arguments], check=True)


"""


def test_an_upgrade_takes_the_newest_release_and_keeps_what_users_did(project: Repository) -> None:
    edited(project)

    done = project.tool("upgrade", "--no-check")

    assert (done.returncode, done.stderr) == (0, "")
    assert project.text(CHANGED).startswith(NEW_LINE)
    assert project.text(CHANGED).endswith("\nAsk Ada first.\n")
    assert project.text("src/churn/ours.py") == "OURS = 42\n"
    assert project.text(ADDED) == "# The team of Your Name\n"
    assert not (project.folder / DELETED).exists()
    assert not (project.folder / GIVEN_UP).exists(), "deleted by the user"
    assert f"note: {GIVEN_UP}/planted.md is different or new in the template" in done.stdout
    assert not (project.folder / MANIFEST[0]).exists(), "a new component is off"
    assert project.record()["checkout"] == "v0.2.0"
    assert f"  {CHANGED}\n  {ADDED}\n  {DELETED}\n3 file(s) changed." in done.stdout


def test_an_upgrade_to_what_is_there_changes_nothing(newer: Repository) -> None:
    done = newer.tool("upgrade", "--no-check")

    assert (done.returncode, done.stdout) == (0, "The project is at v0.2.0 already.\n")
    assert newer.git("status", "--porcelain") == ""


def test_a_conflict_is_named_and_can_be_taken_back(project: Repository) -> None:
    project.write(CHANGED, project.text(CHANGED).replace(FIRST_LINE, "# How we do it\n"))
    commit = project.commit()

    done = project.tool("upgrade", "--no-check")

    assert done.returncode == 1
    assert f"{CHANGED}: your lines are after <<<<<<< ours" in done.stderr
    assert "<<<<<<< ours\n# How we do it\n=======\n" in project.text(CHANGED)
    assert project.text(ADDED), "the rest of the update is there"

    again = project.tool("upgrade", "--no-check")
    assert again.stderr.startswith(f"error: there are merge conflicts in {CHANGED}; ")

    for line in done.stderr.partition("Or take the whole update back:\n")[2].splitlines():
        project.git(*line.split()[1:])
    assert project.git("rev-parse", "HEAD") == commit
    assert project.git("status", "--porcelain") == ""


def test_an_upgrade_merges_where_git_never_saw_the_files_as_the_template_made_them(
    project: Repository,
) -> None:
    project.write(CHANGED, project.text(CHANGED).replace(FIRST_LINE, "# How we do it\n"))
    project.git("add", "--all")
    project.git("commit", "--quiet", "--amend", "--no-edit")
    project.git("reflog", "expire", "--expire=now", "--all")
    project.git("gc", "--quiet", "--prune=now")

    done = project.tool("upgrade", "--no-check")

    assert "<<<<<<< ours\n# How we do it\n=======\n" in project.text(CHANGED), done.stderr
    assert project.text(ADDED)
    assert list(project.folder.rglob("*.rej")) == []


def test_an_upgrade_that_would_delete_an_edit_is_refused_before_a_file_changes(
    project: Repository,
) -> None:
    project.write(DELETED, project.text(DELETED) + "What our reports mean.\n")
    project.commit()

    done = project.tool("upgrade", "--no-check")

    assert done.returncode == 1
    assert f"deletes files that you have changed: {DELETED}." in done.stderr
    assert project.git("status", "--porcelain") == ""


@pytest.mark.parametrize("belt", [True, False], ids=["skipped", "not-skipped"])
def test_an_update_that_a_staging_hook_makes_cruft_lose_is_reported(
    template: Path, tmp_path: Path, belt: bool
) -> None:
    releases = copied(template, tmp_path / "template.git")
    hook, configuration = "hooks/post_gen_project.py", f"{INNER}/pyproject.toml"
    stages = 'if "_commit" in given:\n        stage()\n'
    staging = releases.text(hook).replace('if "_commit" in given:\n', stages)
    assert stages in staging
    releases.write(hook, staging.replace("def main()", f"{STAGING}def main()"))
    skip, text = 'skip = [".git"', releases.text(configuration)
    assert skip in text
    if not belt:
        releases.write(configuration, text.replace(skip, 'skip = ["nothing"'))
    releases.git("tag", "--delete", "v0.1.0")
    releases.commit("v0.1.0")
    project = baked(releases, "v0.1.0", tmp_path / "project")
    plant(releases)

    done = project.tool("upgrade", "--no-check")

    assert done.returncode == (0 if belt else 1), done.stdout
    lost = f"did not change {CHANGED}, {GIVEN_UP}/planted.md, {ADDED}, {DELETED}. "
    assert (lost in done.stderr) is not belt
    assert project.text(CHANGED).startswith(NEW_LINE) is belt


def test_a_project_made_by_cruft_is_upgraded_once_it_has_a_history(
    releases: Repository, newer: Repository, tmp_path: Path
) -> None:
    made = cruft.create(
        releases.folder.as_uri(),
        output_dir=tmp_path / "cruft",
        extra_context={"project_slug": "churn"},
        checkout="v0.1.0",
    )
    project = Repository(made)
    assert (
        "no commit in git yet; `uv run just bootstrap` makes one" in project.tool("upgrade").stderr
    )
    bootstrap = subprocess.run([sys.executable, "tools/bootstrap"], cwd=made, check=False)
    assert bootstrap.returncode == 0

    done = project.tool("upgrade", "v0.2.0", "--no-check")

    assert (done.returncode, done.stderr) == (0, "")
    assert project.files() == newer.files()
