"""`tools/template` says in a sentence why it does nothing, and what to do about it."""

import shutil
import subprocess

import pytest


def test_without_a_record_of_the_template_nothing_is_done(project):
    project.git("rm", "--quiet", ".cruft.json")
    project.commit()

    assert project.refusal("upgrade").startswith(".cruft.json is not there, ")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [("{", ".cruft.json is not valid JSON: "), ("{}", ".cruft.json lacks commit, context, templ")],
)
def test_a_record_that_cannot_be_read_is_refused(project, text, sentence):
    project.write(".cruft.json", text)
    project.commit()

    assert project.refusal("upgrade").startswith(sentence)


def test_changes_that_are_not_committed_are_named(project):
    for number in range(7):
        project.write(f"notes-{number}.txt", "mine\n")

    said = project.refusal("feature", "add", "jam")

    assert said.startswith("there are changes that are not committed: notes-0.txt, notes-1.txt, ")
    assert "notes-4.txt and 2 more; commit them first." in said


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("feature", "add", "jamm"), "no component 'jamm' here; known are: jam, disk, tape. Did "),
        (("feature", "add", "jam", "store=shelf"), "store cannot be 'shelf'; choices are: "),
        (("upgrade", "v7.0.0"), "has no 'v7.0.0'; its releases are: "),
    ],
)
def test_what_was_typed_is_checked_before_the_work_tree(project, arguments, sentence):
    project.write("notes.txt", "mine\n")

    assert sentence in project.refusal(*arguments)


def test_a_merge_in_conflict_is_refused(project):
    project.git("checkout", "--quiet", "-b", "other")
    project.write("bread.txt", "rye\n")
    project.commit()
    project.git("checkout", "--quiet", "main")
    project.write("bread.txt", "spelt\n")
    project.commit()
    with pytest.raises(subprocess.CalledProcessError):
        project.git("merge", "--quiet", "other")

    assert project.refusal("upgrade").startswith("there are merge conflicts in bread.txt; ")

    project.write("bread.txt", "spelt\n")
    project.git("add", "--all")
    assert "in the middle of something (MERGE_HEAD)" in project.refusal("upgrade")


def test_without_a_commit_there_is_nothing_to_compare_with(project):
    project.git("update-ref", "-d", "HEAD")

    assert "no commit in git yet; `uv run just bootstrap` makes one." in project.refusal("upgrade")


def test_a_template_without_a_release_asks_for_a_name(project, template):
    template.git("tag", "--delete", "v0.9.0", "v0.10.0")

    assert "has no release vX.Y.Z yet; name a branch, " in project.refusal("upgrade")


def test_an_unknown_version_is_refused_with_the_known_ones(project):
    said = project.refusal("upgrade", "v7.0.0")

    assert "has no 'v7.0.0'; its releases are: v0.9.0, v0.10.0." in said


def test_a_template_that_cannot_be_reached_is_refused(project, template):
    shutil.rmtree(template.path)

    assert project.refusal("upgrade").startswith("git clone failed: fatal: ")


def test_without_cruft_and_uv_the_remedy_is_named(module, monkeypatch):
    programs = module("programs")
    monkeypatch.setenv("PATH", "")

    with pytest.raises(programs.Stopped, match=r"pip install .cruft>=2\.16"):
        programs.cruft_command()
