import shutil
import subprocess

import pytest

from {{ cookiecutter.package_name }}.utils.git import asked, git

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")


@pytest.fixture
def repository(tmp_path, monkeypatch):
    """An empty repository, heedless of this machine's own configuration."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    subprocess.run(["git", "init", "--quiet", str(tmp_path)], check=True)
    return tmp_path


def test_git_is_asked_about_the_folder_not_about_the_callers_repository(repository, monkeypatch):
    monkeypatch.setenv("GIT_DIR", str(repository / "elsewhere"))
    monkeypatch.setenv("GIT_WORK_TREE", str(repository / "elsewhere"))

    assert asked(repository, "rev-parse", "--show-toplevel") == str(repository.resolve())


def test_what_git_cannot_answer_is_none_and_its_words_are_kept(repository):
    assert asked(repository, "log") is None
    assert "does not have any commits yet" in git(repository, "log").stderr


def test_without_git_there_is_no_answer(repository, monkeypatch):
    monkeypatch.setenv("PATH", str(repository))

    assert git(repository, "status") is None
    assert asked(repository, "status") is None
