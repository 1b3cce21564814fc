import shutil
import subprocess

import pytest

from {{ cookiecutter.package_name }}.integrations import checkout
from {{ cookiecutter.package_name }}.integrations.checkout import beside, check_commit, checked_out
from {{ cookiecutter.package_name }}.schemas.errors import ConfigError, RestoreError

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")


@pytest.fixture
def run(monkeypatch):
    """Runs git in a folder, heedless of this machine's own configuration."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    who = ["-c", "user.name=Ada", "-c", "user.email=ada@example.com"]

    def call(folder, *arguments):
        done = subprocess.run(
            ["git", "-C", folder, *who, *arguments], capture_output=True, text=True, check=True
        )
        return done.stdout.strip()

    return call


@pytest.fixture
def project(tmp_path, run):
    """A project with two commits; `answer` was 1 and is 2."""
    root = tmp_path / "houses"
    root.mkdir()
    run(root, "init", "--quiet")
    (root / "pyproject.toml").write_text("[project]\n")
    for answer in ("1", "2"):
        (root / "answer").write_text(answer)
        run(root, "add", ".")
        run(root, "commit", "--quiet", "--message", answer)
    return root


@pytest.fixture
def first(project, run):
    return run(project, "rev-parse", "HEAD~1")


def test_a_commit_appears_in_a_folder_of_its_own_and_the_project_stays(project, first, run):
    with checked_out(project, first, beside(project, "v1")) as copy:
        assert copy == project.with_name("houses-v1")

    assert ((copy / "answer").read_text(), (project / "answer").read_text()) == ("1", "2")
    assert run(project, "status", "--porcelain") == ""


@pytest.mark.parametrize("error", [RestoreError, KeyboardInterrupt])
def test_after_an_error_nothing_is_left(project, first, run, error):
    def interrupted():
        with checked_out(project, first, beside(project, "v1")) as copy:
            (copy / "more").write_text("made meanwhile")
            raise error

    with pytest.raises(error):
        interrupted()

    assert not beside(project, "v1").exists()
    assert len(run(project, "worktree", "list").splitlines()) == 1
    with checked_out(project, first, beside(project, "v1")):
        pass


def test_a_folder_that_was_deleted_by_hand_can_be_made_again(project, first):
    for _ in range(2):
        with checked_out(project, first, beside(project, "v1")) as copy:
            pass
        shutil.rmtree(copy)


def test_hooks_of_the_project_are_not_run(project, first):
    hook = project / ".git" / "hooks" / "post-checkout"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(f"#!/bin/sh\ntouch {project.parent}/hooked\n")
    hook.chmod(0o755)

    with checked_out(project, first, beside(project, "v1")):
        pass

    assert not (project.parent / "hooked").exists()


def test_a_project_in_a_larger_repository_is_found_in_its_copy(tmp_path, run):
    root = tmp_path / "all"
    (root / "houses").mkdir(parents=True)
    run(root, "init", "--quiet")
    (root / "houses" / "pyproject.toml").write_text("[project]\n")
    run(root, "add", ".")
    run(root, "commit", "--quiet", "--message", "first")

    with checked_out(root / "houses", "HEAD", beside(root / "houses", "v1")) as copy:
        assert copy == tmp_path / "all-v1" / "houses"


def test_a_folder_that_is_there_is_refused_and_kept(project, first):
    beside(project, "v1").mkdir()

    with pytest.raises(ConfigError, match="exists already"):
        checked_out(project, first, beside(project, "v1")).__enter__()

    assert beside(project, "v1").is_dir()


def test_what_somebody_else_makes_there_meanwhile_is_kept(project, first, monkeypatch):
    theirs = beside(project, "v1") / "notes"
    original = checkout.asked

    def meanwhile(*arguments):
        theirs.parent.mkdir()
        theirs.touch()
        return original(*arguments)

    monkeypatch.setattr(checkout, "asked", meanwhile)
    with pytest.raises(ConfigError, match="exists already"):
        checked_out(project, first, theirs.parent).__enter__()

    assert theirs.exists()


def test_what_somebody_else_puts_into_the_new_folder_is_kept(project, first, monkeypatch):
    theirs = beside(project, "v1") / "notes"
    original = checkout._add

    def meanwhile(*arguments):
        theirs.touch()
        original(*arguments)

    monkeypatch.setattr(checkout, "_add", meanwhile)
    with pytest.raises(RestoreError, match="cannot make a worktree"):
        checked_out(project, first, theirs.parent).__enter__()

    assert theirs.exists()


def test_a_place_where_no_folder_can_be_made_is_told(project, first, tmp_path):
    (tmp_path / "file").touch()

    with pytest.raises(RestoreError, match=r"file/v1' cannot be made: "):
        checked_out(project, first, tmp_path / "file" / "v1").__enter__()


def test_a_commit_without_the_project_is_refused(project, run, tmp_path):
    run(project, "rm", "--quiet", "pyproject.toml")
    run(project, "commit", "--quiet", "--message", "gone")

    with pytest.raises(RestoreError, match=r"has no project in '\.'"):
        checked_out(project, "HEAD", tmp_path / "v3").__enter__()

    assert not (tmp_path / "v3").exists()


def test_what_git_refuses_is_told_in_its_words(project, tmp_path):
    with pytest.raises(RestoreError, match=r"cannot make a worktree at '.*v9': invalid reference"):
        checked_out(project, "no-such-commit", tmp_path / "v9").__enter__()


def test_a_commit_that_is_missing_says_how_to_fetch_it(project, run, tmp_path):
    check_commit(project, run(project, "rev-parse", "HEAD"), "3")
    with pytest.raises(RestoreError, match=r"Version 3 was trained from commit 0000.*`git fetch"):
        check_commit(project, "0" * 40, "3")

    run(tmp_path, "clone", "--quiet", "--depth", "1", project.as_uri(), "shallow")
    with pytest.raises(RestoreError, match="git fetch --unshallow"):
        check_commit(tmp_path / "shallow", run(project, "rev-parse", "HEAD~1"), "3")


def test_a_project_in_no_repository_says_so(tmp_path, monkeypatch):
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))

    with pytest.raises(RestoreError, match="is in no git repository"):
        beside(tmp_path, "v1")
